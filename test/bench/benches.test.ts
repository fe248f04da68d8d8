import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readTarget } from '../support/bench/target.ts'
import { runProgram } from '../support/run-program.ts'

/** Each benchmark, as small as it goes: that it works, never how fast. */
const tiny = {
  change: ['--rounds', '2', '--warm', '0'],
  cost: ['--rounds', '1', '--warm', '0', '--patients', '2'],
  'fan-out': ['--regions', '2', '--delay', '1', '--seconds', '0.1', '--warm', '1'],
  lag: ['--bytes', '2000', '--idle', '0.1', '--cells', '20'],
  memory: ['--views', '34', '--samples', '2'],
  overload: [
    '--model',
    '--patients',
    '2',
    '--seconds',
    '0.3',
    '--factor',
    '3',
    '--connections',
    '2',
    '--opened',
    '20',
    '--warm',
    '0',
  ],
  'own-time': ['--requests', '2', '--warm', '1', '--patients', '1'],
  profile: ['--model', '--patients', '3', '--seconds', '0.2', '--warm', '0'],
  publish: ['--rounds', '2', '--bundles', '2', '--scale', '0.0001'],
  refusals: ['--rounds', '2', '--warm', '0'],
  start: ['--rounds', '0', '--scale', '0'],
  timeline: ['--rounds', '1', '--warm', '0', '--results', '100', '--documents', '100'],
  'view-cached': ['--model', '--patients', '2', '--rounds', '1', '--seconds', '0.1', '--warm', '0'],
  'view-uncached': ['--model', '--patients', '2', '--rounds', '1', '--seconds', '0.1', '--warm', '0'],
} as const

const bench = (...args: readonly string[]) => runProgram('test/bench/main.ts', args, { HOME: process.env.HOME ?? '' })

// Each starts processes of its own: `npm test` runs two, BENCHES=all every one, as CI does.
const few = ['change', 'timeline']
const asked = Object.entries(tiny).filter(([name]) => process.env.BENCHES === 'all' || few.includes(name))

describe('a benchmark', () => {
  test.each(asked)('%s prints machine, conditions and figures', async (name, args) => {
    await using running = bench(name, ...args)
    expect(await running.ended, running.err()).toBe(0)
    expect(running.out()).toMatch(/^\d{4}-\d\d-\d\dT.*, Node v\d+.*, \d+ x .*, load \d/m)
    expect(running.out()).toMatch(/│|%|ratio|\d s\./)
    expect(running.out()).not.toMatch(/\bNaN\b/)
  })

  test('peers-target writes what to ask and of whom, and leaves nothing behind when it ends', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'target-'))
    try {
      await using running = bench('peers-target', folder, '--patients', '2', '--warm', '0')
      await running.says(/Ctrl\+C/)
      const { url, headers, query, variable, numbers, path, length, pids } = readTarget(join(folder, 'target.json'))
      const [number] = readFileSync(numbers, 'utf8').split('\n')
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables: { [variable]: number } }),
      })
      const answer = await response.json()
      expect(path.split('.').reduce((value, key) => value[key], answer)).toHaveLength(length)
      expect(answer.data.patient).toMatchObject({
        completeness: { complete: true },
        medications: { nodes: { length: 16 } },
        allergies: { nodes: { length: 4 } },
      })
      running.child.kill('SIGTERM')
      expect(await running.ended).toBe(0)
      for (const pid of pids) expect(existsSync(`/proc/${pid}`)).toBe(false)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('of another name is refused with the names that there are', async () => {
    await using running = bench('nonsense')
    expect(await running.ended).toBe(2)
    const names = globSync('*.ts', { cwd: import.meta.dirname }).map((file) => basename(file, '.ts'))
    const expected = [...Object.keys(tiny), 'peers-target'].sort()
    expect(names.filter((name) => name !== 'main' && name !== 'benches.test').sort()).toEqual(expected)
    expect(running.err()).toContain(expected.join(', '))
  })
})
