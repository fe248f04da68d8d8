import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const preload = './schema/service/require-node.cjs'

const runAs = (version: string) =>
  spawnSync(
    process.execPath,
    [
      '-e',
      `Object.defineProperty(process.versions, 'node', { value: '${version}' }); require('${preload}'); console.log('started')`,
    ],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )

test.each(['18.20.4', '20.20.2', '25.9.0'])('Node %s is told at once which one is needed, in words', (version) => {
  const { status, stdout, stderr } = runAs(version)
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(
    new RegExp(`^Node: expected version 26 or newer, found ${version} at .+\\.\nThe project brings its own: `),
  )
})

test('Node 26 starts', () => {
  expect(runAs('26.0.0')).toMatchObject({ status: 0, stdout: 'started\n', stderr: '' })
})

test('a production install brings Node 26, and every npm script that runs TypeScript of ours looks first', () => {
  const { dependencies, scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(dependencies.node).toMatch(/^26\./)
  // For who develops, and has installed all.
  const exempt = new Set(['generate', 'bench'])
  const bare = Object.entries<string>(scripts).filter(
    ([name, script]) => !exempt.has(name) && /\bnode\b.*\.ts/.test(script) && !script.includes(`node -r ${preload} `),
  )
  expect(bare).toEqual([])
})
