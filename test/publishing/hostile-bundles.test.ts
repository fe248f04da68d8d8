import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundleLimits } from '../../subgraphs/publishing/bundle-limits.ts'
import { findJsonExcess } from '../../subgraphs/publishing/find-json-excess.ts'
import { parseFhirJson } from '../../subgraphs/publishing/parse-fhir-json.ts'
import { createBundlePublisher } from '../../subgraphs/publishing/publish-bundle.ts'
import { createPublishingThread } from '../../subgraphs/publishing/publishing-thread.ts'
import { toPublication } from '../../subgraphs/publishing/to-publication.ts'
import type { RecordStore } from '../../subgraphs/store/record-store.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { publisher } from '../support/publishing/bundle.ts'
import { hostileBundles } from '../support/publishing/hostile-bundles.ts'
import { publisher as publisherOf } from '../support/store/publications.ts'

const attribution = { source: publisher, by: publisherOf(publisher.odsCode) }

const region = 'CHESHIRE_MERSEYSIDE'
const shapes = Object.entries(hostileBundles)

describe('a Bundle of a hostile shape', () => {
  /** The characters that are looked at to find what references lead to. */
  const countLooks = (text: string) => {
    let characters = 0
    const bundle = findJsonExcess(text) === null ? parseFhirJson(text) : null
    const onLook = (looked: number) => {
      characters += 10 + looked
    }
    if (bundle) toPublication(bundle.value, { publisher, onReferenceLookup: onLook })
    return characters
  }

  test.each(shapes)("a store looks up references in proportion to a Bundle's length: %s", (_, toText) => {
    const [once, fourTimes] = [countLooks(toText(40_000)), countLooks(toText(160_000))]
    // What grows with the square takes sixteen times as many.
    expect(fourTimes).toBeLessThan(4.5 * once + 5000)
  })

  // Each takes a fraction of a second. Where a Binary is decoded for each of its documents, these take minutes.
  const sizes: Readonly<Record<string, number>> = { 'many documents of one Binary': 5_000_000 }
  const publish = createBundlePublisher({
    publish: async (publications) =>
      publications.map(() => ({ status: 'stored', sequence: 1, entries: new Map(), warnings: [] })),
  })

  test.each(shapes)('a store answers a hostile Bundle with 200, or says why not: %s', async (name, toText) => {
    const { status, body } = await publish(Buffer.from(toText(sizes[name] ?? 700_000)), attribution)
    const answer = JSON.parse(Buffer.from(body).toString())
    expect([200, 400, 422]).toContain(status)
    if (status !== 200) expect(answer.issue[0].diagnostics).toMatch(/^expected .+, found .+/)
  })

  test.each([
    ['too deep', `{"a":`.repeat(bundleLimits.depth + 1)],
    ['with too many entries', `{"resourceType":"Bundle","entry":[${'{},'.repeat(bundleLimits.entries)}{}]}`],
    ['with too many values in a list', `{"entry":[{"resource":{"x":[${'1,'.repeat(bundleLimits.list)}1]}}]}`],
    ['with too many keys', `{"entry":[{"resource":{${'"a":1,'.repeat(bundleLimits.list)}"b":1}}]}`],
  ])('a store refuses a Bundle %s before parsing it', (_, text) => {
    expect(findJsonExcess(text)).toMatch(/^expected at most .*, found more$/)
  })

  test("a store does not count brackets and commas inside a Bundle's texts", () => {
    expect(
      findJsonExcess(
        JSON.stringify({ entry: [{ a: `${'{['.repeat(200)}${','.repeat(60_000)}`, 'b\\': '\\"[', c: '\\\\' }] }),
      ),
    ).toBeNull()
  })
})

describe('a publishing thread', () => {
  const folder = mkdtempSync(join(tmpdir(), 'thread-'))
  const file = join(folder, 'records.sqlite')
  let store: RecordStore
  beforeAll(() => {
    store = createSqliteRecordStore({ region, file })
  })
  afterAll(() => {
    store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const text = (bytes: number) => Buffer.from(hostileBundles['an honest transaction of many results']?.(bytes) ?? '')

  test("the store's event loop stays free while a publishing thread publishes a large Bundle", async () => {
    const thread = createPublishingThread({ region, file })
    // It has begun before the turns are counted.
    await thread.publishBundle(Buffer.from('{}'), attribution)
    let turns = 0
    let isDone = false
    const published = thread.publishBundle(text(600_000), attribution).finally(() => {
      isDone = true
    })
    for (; !isDone; turns++) {
      expect((await store.findPatients(['9990000018'])).size).toBeLessThan(2)
      await nextTurn()
    }
    expect((await published).status).toBe(200)
    expect((await store.findPatients(['9990000018'])).size).toBe(1)
    // In the loop itself, it would have turned some times in all.
    expect(turns).toBeGreaterThan(100)
    await thread.close()
  })

  test('a publishing thread completes its work before it closes, and a new one starts where one has ended', async () => {
    const thread = createPublishingThread({ region, file })
    const waiting = [text(1000), Buffer.from('no JSON'), text(1000)].map((bytes) =>
      thread.publishBundle(bytes, attribution),
    )
    await thread.close()
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 400, 200])
    expect((await thread.publishBundle(text(1000), attribution)).status).toBe(200)
    await thread.close()
  })

  test('a publishing thread rejects work whose database cannot be opened, and tries again for the next', async () => {
    const thread = createPublishingThread({ region, file: join(folder, 'missing', 'records.sqlite') })
    await expect(thread.publishBundle(text(1000), attribution)).rejects.toThrow('ended before it had published')
    await expect(thread.publishBundle(text(1000), attribution)).rejects.toThrow('ended before it had published')
    await thread.close()
  })
})

test("a grant waits for another connection's write, and the event loop stays free", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'busy-'))
  const file = join(folder, 'records.sqlite')
  const store = createSqliteRecordStore({ region, file, busyTimeoutMs: 10_000 })
  const other = new DatabaseSync(file)
  try {
    other.exec('BEGIN IMMEDIATE')
    let isDone = false
    const recorded = store
      .recordPermission({
        id: 'p',
        nhsNumber: '9990000018',
        organisation: 'REM',
        person: '1',
        basis: 'CARE_EPISODE_24_HOURS',
        untilMs: Date.now() + 1000,
      })
      .finally(() => {
        isDone = true
      })
    for (let turns = 0; turns < 100; turns++) await nextTurn()
    expect(isDone).toBe(false)
    other.exec('COMMIT')
    await recorded
  } finally {
    other.close()
    store.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a store refuses a write that waits too long', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'busy-'))
  const file = join(folder, 'records.sqlite')
  const store = createSqliteRecordStore({ region, file, busyTimeoutMs: 30 })
  const other = new DatabaseSync(file)
  try {
    other.exec('BEGIN IMMEDIATE')
    await expect(store.withdrawPermission('9990000018', 'REM')).rejects.toThrow(/locked/)
    other.exec('ROLLBACK')
    await store.withdrawPermission('9990000018', 'REM')
  } finally {
    other.close()
    store.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
