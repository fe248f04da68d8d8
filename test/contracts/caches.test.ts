import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'gateway/CACHES.md'), 'utf8')
const listed = [...page.matchAll(/^\| `(\w+)` \| `([\w./-]+)` \|/gm)].map(([, name = '', file = '']) => ({
  name,
  file,
}))

/** Caches by what makes one. A plain Map may be anything, so those that cache are on the page by hand. */
const made =
  /(\w+)(?::| =) (?:new (?:LRUCache|WeakMap)|create(?:BoundedMemo|TimedMemo|DocumentCache|ResponseStore|CoherentReplyCache))[<(]/g

test('gateway/CACHES.md lists every memo and cache of gateway, schema and subgraphs', () => {
  const found = globSync('{schema,subgraphs,gateway}/**/*.ts', { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(made)].map(([, name]) => `${name} in ${file}`),
  )
  expect(found.length).toBeGreaterThan(40)
  const names = listed.map(({ name, file }) => `${name} in ${file}`)
  expect(found.filter((one) => !names.includes(one))).toEqual([])
})

test('gateway/CACHES.md lists no cache that is gone', () => {
  const isThere = ({ name, file }: { readonly name: string; readonly file: string }) =>
    existsSync(join(root, file)) && new RegExp(`\\b${name}\\b`).test(readFileSync(join(root, file), 'utf8'))
  expect(listed.filter((one) => !isThere(one))).toEqual([])
})
