import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ChangeEvent, parseChangeEvent, printChangeEvent } from '../../schema/change-event.ts'
import { createPeople } from '../../subgraphs/demo/create-people.ts'
import { publisherOf } from '../../subgraphs/demo/vocabulary/bundle.ts'
import { createBundlePublisher } from '../../subgraphs/publishing/publish-bundle.ts'
import { createSqliteRecordStore, type SqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { dumpDatabase, dumpForm } from './support/dump-database.ts'
import { expectGolden, expectGoldenJson } from './support/golden.ts'
import { sha256Of } from './support/masks.ts'

const nowMs = Date.parse('2026-11-30T12:00:00.000Z')
const slug = 'cheshire-merseyside'

const folder = mkdtempSync(join(tmpdir(), 'share2care-golden-'))
const file = join(folder, 'records.sqlite')
let store: SqliteRecordStore
const answers: string[] = []

/**
 * All that the demo's people hold in a region, some of it in two versions; then permissions, a grant and its review.
 */
beforeAll(async () => {
  store = createSqliteRecordStore({ region: 'CHESHIRE_MERSEYSIDE', file, now: () => nowMs })
  const publish = createBundlePublisher(store)
  for (const { bundles } of [
    ...createPeople(new Date(nowMs - 86_400_000)).slice(0, 12),
    ...createPeople(new Date(nowMs)),
  ]) {
    for (const bundle of bundles.get(slug) ?? []) {
      const source = publisherOf(bundle)
      const by = {
        publisher: source.odsCode,
        actsFor: [],
        via: 'http',
        person: '555000000001',
        requestId: `request-${answers.length + 1}`,
      } as const
      const { status, body } = await publish(Buffer.from(JSON.stringify(bundle)), { source, by })
      answers.push(`${status} ${Buffer.from(body)}`)
    }
  }
  const nhsNumber = '9990000018'
  const viewer = { nhsNumber, person: '555000000002', organisation: 'REM' }
  await store.recordPermission({
    ...viewer,
    id: `${slug}.p-1`,
    basis: 'CARE_EPISODE_24_HOURS',
    untilMs: nowMs + 86_400_000,
  })
  await store.recordPermission({
    ...viewer,
    id: `${slug}.p-2`,
    basis: 'INPATIENT_STAY_7_DAYS',
    untilMs: nowMs + 604_800_000,
  })
  await store.withdrawPermission(nhsNumber, 'REM')
  const words = { barrier: 'PERMISSION', reason: 'EMERGENCY', justification: 'Found unconscious on the ward.' } as const
  await store.recordGrant(
    { ...viewer, ...words, id: `${slug}.g-1`, atMs: nowMs, untilMs: nowMs + 14_400_000 },
    nowMs + 604_800_000,
  )
  await store.closeReview(`${slug}.g-1`, 'REGION', {
    outcome: 'JUSTIFIED',
    note: 'Read.',
    reviewer: '555000000003',
    atMs: nowMs + 1000,
  })
})
afterAll(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

test("a new store's file has the tables, indexes and numbers of before", () => {
  expectGolden('store-form.sql', dumpForm(file))
})

test('what is published and recorded is stored, row by row, as before', () => {
  const tables = [...dumpDatabase(file)]
  // Whole where it is short; of the many, the first rows to read and a hash of all.
  const text = tables.map(
    ([name, rows]) =>
      `==== ${name}: ${rows.length} rows, sha256 ${sha256Of(rows.join('\n'))}\n${rows
        .slice(0, 6)
        .map((row) => `${row}\n`)
        .join('')}`,
  )
  expectGolden('store-rows.txt', text.join(''))
})

test('a publisher is answered, byte by byte, as before', () => {
  expectGolden(
    'publish-answers.txt',
    `${answers.length} answers, sha256 ${sha256Of(answers.join('\n'))}\n${answers.slice(0, 3).join('\n')}\n`,
  )
})

test('the publishing trail and the changes are told as before', async () => {
  const publications = await store.findPublications({ limit: 3, nhsNumber: '9990000018' })
  const changes = (await store.readChangesAfter(0, 10_000)).slice(-8)
  expectGoldenJson('store-trail.txt', {
    publications,
    changes,
    figures: { ...(await store.readFigures(nowMs)), bytes: 0 },
  })
})

test('each event of the change feed is printed as before, and read again', () => {
  const mark = { sequence: 7, clockMs: 1234.5 }
  const events: readonly ChangeEvent[] = [
    { type: 'hello', policyVersion: 'a1b2c3d4e5f6', ...mark },
    { type: 'heartbeat', ...mark },
    { type: 'change', sequence: 8, kind: 'publish', nhsNumber: '9990000018', sensitive: false },
    { type: 'change', sequence: 9, kind: 'consent', nhsNumber: '9990000018', sensitive: true },
    { type: 'reset', sequence: 3 },
    { type: 'flags', sequence: 9, nhsNumbers: ['9990000018', '9990000026'], more: false },
  ]
  const text = events.map((event) => printChangeEvent(event, 9)).join('')
  expectGolden('change-events.txt', text)
  const read = text
    .split('\n\n')
    .filter(Boolean)
    .map((one) => {
      const [, type = '', data = ''] = /event: (.*)\ndata: (.*)/.exec(one) ?? []
      return parseChangeEvent(type, data)
    })
  expect(read).toEqual(events)
})
