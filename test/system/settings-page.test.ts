import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gatewaySettings } from '../../gateway/configuration.ts'
import { storeSettings } from '../../subgraphs/service/store-settings.ts'
import { printSettings } from '../support/settings/print-settings.ts'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'gateway/deploy/settings.md'), 'utf8')

test('gateway/deploy/settings.md is what the code says; npm run generate writes it', () => {
  expect(page).toBe(printSettings())
})

test.each([
  ['gateway', gatewaySettings('production', {})],
  ['stores', storeSettings('production', 'cheshire-merseyside')],
] as const)('every setting of the %s has a row with what it does, a default and an example', (process, settings) => {
  for (const name of Object.keys(settings)) {
    const row = page
      .split('\n')
      .find((line) => line.startsWith(`| \`${name}\` |`) && line.split('|')[2]?.includes(process))
    const cells = (row ?? '').split(/(?<!\\)\|/).map((cell) => cell.trim())
    expect([name, cells.length, cells.slice(3, 6).every((cell) => cell.length > 1)]).toEqual([name, 7, true])
  }
})

test('the README leads operators to the settings and to the production page', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const operations = readme.slice(readme.indexOf('- **Operations**'), readme.indexOf('- **Privacy officers**'))
  expect(operations).toContain('gateway/deploy/settings.md')
  expect(operations).toContain('gateway/deploy/README.md')
})
