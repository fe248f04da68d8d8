import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { patient, transaction } from '../support/publishing/bundle.ts'

const run = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, '../support/reconcile/main.ts'), ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
  )

test.each([
  [[], 'FILES: expected those of at least one region, found none'],
  [['--colour'], "Unknown option '--colour'"],
  [['a.json'], "Unexpected argument 'a.json'"],
  [['--cheshire-merseyside', 'gone.json'], 'gone.json: expected a file, a folder or a pattern, found nothing there'],
])('%j: the reconcile command says what it expects, without a stack trace, and exits 2', async (args, message) => {
  const { code, stdout, stderr } = await run(...args)
  expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)])
  expect(stderr).not.toMatch(/^ +at /m)
})

test('the reconcile command prints the faults of a refused Bundle, and exits 1', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reconcile-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'a.json')
  writeFileSync(file, JSON.stringify(transaction({ ...patient, gender: 5 })))
  const { code, stdout, stderr } = await run('--cheshire-merseyside', folder)
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining(
      `Refused: ${file}\n  Bundle.entry[0].resource.gender: expected code, found number (structure)`,
    ),
  ])
  expect(stdout).toContain('1 Bundles refused')
})
