import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const readme = readFileSync(join(root, 'test/README.md'), 'utf8')
const hazards = readme.slice(readme.indexOf('## Hazards of clinical safety'))

test('every hazard of clinical safety names tests that exist, by their titles', () => {
  const sections = hazards.split('\n### ').slice(1)
  expect(sections.length).toBeGreaterThanOrEqual(14)
  for (const section of sections) {
    const named = [...section.matchAll(/^ {2}- `(test\/[^`]+)`: "(.*)"$/gm)]
    expect(named.length, section.split('\n')[0]).toBeGreaterThan(1)
    for (const [, file = '', title = ''] of named) {
      expect(existsSync(join(root, file)), file).toBe(true)
      expect(readFileSync(join(root, file), 'utf8').replaceAll("\\'", "'"), file).toContain(title)
    }
  }
})

test('every file that the map of the tests and its hazards name exists', () => {
  const named = [...readme.matchAll(/`((?:gateway|schema|subgraphs|test)\/[\w./-]+\.ts)`/g)].map(
    ([, file = '']) => file,
  )
  expect(named.length).toBeGreaterThan(30)
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([])
})
