import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

test('no comment is wider than 120 columns, because the formatter wraps code only', () => {
  const files = globSync('{gateway,schema,subgraphs,test}/**/*.{ts,js}', {
    cwd: root,
    exclude: ['schema/generated/**'],
  })
  expect(files.length).toBeGreaterThan(500)
  const wide = files.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        line.length > 120 && /^\s*(\/\/|\/\*\*|\*) (?!@|\{)/.test(line) && !line.includes('@')
          ? [`${file}:${index + 1}`]
          : [],
      ),
  )
  expect(wide).toEqual([])
})
