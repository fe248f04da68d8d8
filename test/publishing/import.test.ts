import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { expandPaths } from '../../subgraphs/publishing/importing/expand-paths.ts'
import { importFiles } from '../../subgraphs/publishing/importing/import-files.ts'
import type { ImportRefusal } from '../../subgraphs/publishing/importing/print-refusal.ts'
import { toTestNumber } from '../../subgraphs/publishing/patient-number.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import {
  type Json,
  nhsNumberSystem,
  patient,
  publisher,
  snomed,
  toPatient,
  transaction,
} from '../support/publishing/bundle.ts'
import { publisher as publishedBy } from '../support/store/publications.ts'

const by = publishedBy('REM', { via: 'import' })
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** A folder with these files. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'import-'))
  folders.push(folder)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

const flag: Json = { resourceType: 'Flag', id: 'f1', status: 'active', code: snomed('1', 'Falls'), subject: toPatient }
const person = (value: string): Json => ({ ...patient, identifier: [{ system: nhsNumberSystem, value }] })
const flagged = (value: string, id: string): Json =>
  transaction(person(value), { ...flag, id, identifier: [{ system: 's', value: id }] })

function setUp() {
  const held = createSqliteRecordStore({ region: 'CHESHIRE_MERSEYSIDE', file: ':memory:' })
  const transactions: number[] = []
  const store: Pick<typeof held, 'publish'> = {
    publish(publications) {
      transactions.push(publications.length)
      return held.publish(publications)
    },
  }
  return { held, store, transactions }
}

describe('importing', () => {
  test('an import counts what it read and what became of it, by resource type', async () => {
    const { store } = setUp()
    const text = JSON.stringify(transaction(patient, flag, { resourceType: 'Goal' }, { resourceType: 'Organization' }))
    const files = [join(folderOf({ 'a.json': `\uFEFF${text}` }), 'a.json')]
    const first = await importFiles({ store, files, by, publisher })
    const none = {
      read: 1,
      created: 0,
      updated: 0,
      retracted: 0,
      unchanged: 0,
      older: 0,
      withinOthers: 0,
      notUnderstood: 0,
    }
    expect(Object.fromEntries(first.byType)).toEqual({
      Patient: { ...none, created: 1 },
      Flag: { ...none, created: 1 },
      Goal: { ...none, notUnderstood: 1 },
      Organization: { ...none, withinOthers: 1 },
    })
    expect((await importFiles({ store, files, by, publisher })).byType.get('Flag')).toEqual({ ...none, unchanged: 1 })
  })

  test('an import stores many Bundles in one transaction, and a refused one does not stop the others', async () => {
    const { store, held, transactions } = setUp()
    const lines = [
      flagged('9990000018', 'f1'),
      '',
      transaction(patient, { ...flag, code: 5 }),
      'nonsense',
      flagged('9990000026', 'f1'),
      flagged('9990000026', 'f2'),
    ]
    const file = join(
      folderOf({
        'a.ndjson': lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\r\n'),
      }),
      'a.ndjson',
    )
    const refusals: ImportRefusal[] = []
    const report = await importFiles({
      store,
      files: [file],
      by,
      publisher,
      onRefusal: (refusal) => refusals.push(refusal),
    })
    expect(transactions).toEqual([3])
    expect(
      refusals.map(({ line, faults }) => `${line}: ${faults.map(({ entry, code }) => `${entry} ${code}`)}`),
    ).toEqual(['3: 1 structure', '4: -1 structure', '5: 1 conflict'])
    expect([report.bundles, report.refused, report.byType.get('Flag')?.created]).toEqual([5, 3, 2])
    expect((await held.findPatients(['9990000018', '9990000026'])).size).toBe(2)
  })

  test('an import commits in steps, and reports its progress', async () => {
    const { store, transactions } = setUp()
    const folder = folderOf({
      'a.json': JSON.stringify(flagged('9990000018', 'f1')),
      'b.json': JSON.stringify(flagged('9990000026', 'f2')),
    })
    const seen: number[] = []
    await importFiles({
      store,
      files: await expandPaths([folder]),
      by,
      publisher,
      transactionSize: 1,
      onProgress: ({ bundles }) => seen.push(bundles),
    })
    expect([transactions, seen]).toEqual([
      [1, 1, 0],
      [1, 2],
    ])
  })

  test('an import names the patients whose records it stored, and no others', async () => {
    const { store } = setUp()
    const byNumber = { ...flag, subject: { identifier: { system: nhsNumberSystem, value: '9990000034' } } }
    const lines = [flagged('9990000018', 'f1'), transaction(patient, { ...flag, code: 5 }), transaction(byNumber)]
    const file = join(folderOf({ 'a.ndjson': lines.map((line) => JSON.stringify(line)).join('\n') }), 'a.ndjson')
    expect((await importFiles({ store, files: [file], by, publisher })).patients).toEqual([
      { file, line: 1, entry: 0, nhsNumber: '9990000018' },
      { file, line: 3, entry: null, nhsNumber: '9990000034' },
    ])
  })

  test('an import renumbers a patient alike in every file, and continues past an unreadable file', async () => {
    const { store } = setUp()
    const folder = folderOf({
      'a.json': JSON.stringify(flagged('9000000009', 'f1')),
      'b.json': '{}',
      'c.json': JSON.stringify(flagged('9000000009', 'f2')),
    })
    const report = await importFiles({
      store,
      files: [...(await expandPaths([folder])), join(folder, 'gone.json')],
      by,
      publisher,
      renumber: true,
    })
    expect([report.bundles, report.refused, report.byType.get('Patient')]).toMatchObject([
      4,
      2,
      { created: 1, unchanged: 1 },
    ])
    const nhsNumber = toTestNumber(`${nhsNumberSystem}|9000000009`)
    expect(report.patients).toEqual(
      ['a.json', 'c.json'].map((name) => ({ file: join(folder, name), line: null, entry: 0, nhsNumber })),
    )
  })
})

describe('paths', () => {
  test('import paths name files, the files of folders, and patterns, each once', async () => {
    const folder = folderOf({ 'b.ndjson': '', 'a.json': '', 'c.txt': '' })
    expect(await expandPaths([folder, join(folder, 'c.txt'), join(folder, '*.json')])).toEqual(
      ['a.json', 'b.ndjson', 'c.txt'].map((name) => join(folder, name)),
    )
  })

  test('an import reports paths that match nothing', async () => {
    const folder = folderOf({ 'c.txt': '' })
    await expect(expandPaths([join(folder, 'a.json')])).rejects.toThrow(
      'a.json: expected a file, a folder or a pattern, found nothing there',
    )
    await expect(expandPaths([join(folder, '*.json')])).rejects.toThrow('found nothing there')
    await expect(expandPaths([folder])).rejects.toThrow(
      'expected a folder with .json or .ndjson files, found none in it',
    )
  })
})

describe('the command', () => {
  const main = join(import.meta.dirname, '../../subgraphs/publishing/import.ts')
  const run = (directory: string, ...args: readonly string[]) =>
    promisify(execFile)(process.execPath, [main, ...args], { env: { ...process.env, DATA_DIR: directory } }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
    )

  test('the import command imports into the region’s database, prints a table, names refusals and exits 1 for them', async () => {
    const folder = folderOf({
      'a.json': JSON.stringify(flagged('9000000009', 'f1')),
      'b.json': JSON.stringify(transaction(patient, { ...flag, code: 5 })),
    })
    const { code, stdout, stderr } = await run(folder, '--region', 'cheshire-merseyside', '--renumber', folder)
    expect(code).toBe(1)
    expect(stdout).toMatch(/^resource type +read +created/)
    expect(stdout).toMatch(/^Flag +1 +1 +0/m)
    const nhsNumber = toTestNumber(`${nhsNumberSystem}|9000000009`)
    expect(stdout).toMatch(new RegExp(`^total .*\n${join(folder, 'a.json')}  ${nhsNumber}\n2 Bundles of 2 files`, 'm'))
    expect(stderr).toContain(
      `Refused: ${join(folder, 'b.json')}\n  Bundle.entry[1].resource.code: expected CodeableConcept, found number (structure)`,
    )
    const store = createSqliteRecordStore({
      region: 'CHESHIRE_MERSEYSIDE',
      file: join(folder, 'cheshire-merseyside/records.sqlite'),
    })
    expect((await store.findPatients([nhsNumber])).size).toBe(1)
    store.close()
  })

  test('the import command publishes as the store’s office or as the named listed organisation, and the publishing trail says which', async () => {
    const folder = folderOf({
      'a.json': JSON.stringify(flagged('9990000018', 'f1')),
      'b.json': JSON.stringify(flagged('9990000026', 'f2')),
    })
    const region = ['--region', 'cheshire-merseyside'] as const
    expect((await run(folder, ...region, join(folder, 'a.json'))).code).toBe(0)
    expect((await run(folder, ...region, '--publisher', 'rbl', join(folder, 'b.json'))).code).toBe(0)
    const publications = async (nhsNumber: string) => {
      const asked = promisify(execFile)(
        process.execPath,
        [join(main, '../publications.ts'), ...region, '--nhs-number-from-stdin'],
        { env: { ...process.env, DATA_DIR: folder } },
      )
      asked.child.stdin?.end(`${nhsNumber}\n`)
      return (await asked).stdout.trim().split('\n')
    }
    expect(await publications('9990000018')).toEqual([
      expect.stringMatching(/^received +publisher/),
      expect.stringMatching(/Z {2}QYG .* import .* 2 created$/),
    ])
    expect(await publications('9990000026')).toEqual([
      expect.anything(),
      expect.stringMatching(/Z {2}RBL .* import .* 2 created$/),
    ])
    expect(await publications('9990000034')).toEqual(['No publication is on the trail.'])
  })

  test.each([
    [
      ['--region', 'cheshire-merseyside', '--publisher', 'RXL', 'x'],
      '--publisher: expected an organisation that is listed to publish in CHESHIRE_MERSEYSIDE, found RXL',
    ],
    [['--region', 'mars', 'x'], '--region: expected cheshire-merseyside or lancashire-south-cumbria, found mars'],
    [['--region', 'cheshire-merseyside'], 'FILES: expected at least one file, folder or pattern, found none'],
    [
      ['--region', 'cheshire-merseyside', 'gone.json'],
      'gone.json: expected a file, a folder or a pattern, found nothing there',
    ],
    [['--colour'], "Unknown option '--colour'"],
  ])('the import command says what it expects: %j', async (args, message) => {
    const { code, stderr } = await run(folderOf({}), ...args)
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
  })
})
