import { execFile } from 'node:child_process'
import { mkdtempDisposable, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type * as Region from '../../schema/generated/region.ts'
import { selectGrantCount, selectSameGrant } from '../../subgraphs/store/grants.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { selectGrants } from '../../subgraphs/store/viewer-facts.ts'
import { grant, permission } from '../support/store/consent-records.ts'
import { item, numberOf, patient, publication, trust } from '../support/store/publications.ts'
import { keyOf } from '../support/store/store-reads.ts'
import { describeRecordStore } from './record-store-contract.ts'

const region = 'CHESHIRE_MERSEYSIDE'

async function makeFolder() {
  const folder = await mkdtempDisposable(join(tmpdir(), 'record-store-'))
  return { file: join(folder.path, 'records.sqlite'), [Symbol.asyncDispose]: () => folder.remove() }
}

describeRecordStore('the SQLite store', async () => {
  const folder = await makeFolder()
  const store = createSqliteRecordStore({ region, file: folder.file })
  return {
    store,
    [Symbol.asyncDispose]: async () => {
      store.close()
      await folder[Symbol.asyncDispose]()
    },
  }
})

describe('a SQLite file', () => {
  it('keeps records over a restart', async () => {
    await using folder = await makeFolder()
    const first = createSqliteRecordStore({ region, file: folder.file })
    await first.publish([publication({ patients: [patient(0)] })])
    first.close()
    const second = createSqliteRecordStore({ region, file: folder.file })
    expect((await second.findPatients([numberOf(0)])).size).toBe(1)
    expect(await second.sequence()).toBe(1)
    second.close()
  })

  it('serves two connections: what one publishes the other reads', async () => {
    await using folder = await makeFolder()
    const service = createSqliteRecordStore({ region, file: folder.file })
    const importing = createSqliteRecordStore({ region, file: folder.file })
    await importing.publish([publication({ patients: [patient(0)] })])
    await service.publish([publication({ patients: [patient(1)] })])
    expect(await service.sequence()).toBe(2)
    expect((await importing.findPatients([0, 1].map(numberOf))).size).toBe(2)
    service.close()
    importing.close()
  })

  it('keeps permissions, grants and reviews over a restart, and lets one of two connections end a review', async () => {
    await using folder = await makeFolder()
    const first = createSqliteRecordStore({ region, file: folder.file })
    await first.publish([publication({ patients: [patient(0)] })])
    await first.recordPermission(permission({ id: 'p' }))
    await first.recordGrant(grant({ id: 'g' }), 0)
    const second = createSqliteRecordStore({ region, file: folder.file })
    const review = { outcome: 'QUERY', note: 'To be asked', reviewer: '555000000099', atMs: 1 } as const
    expect(await Promise.all([first, second].map((store) => store.closeReview('g', 'REGION', review)))).toEqual([
      'CLOSED',
      'NOT_OPEN',
    ])
    first.close()
    second.close()
    const third = createSqliteRecordStore({ region, file: folder.file })
    const key = (await keyOf(third, numberOf(0))) ?? -1
    expect(
      (await third.readViewerFacts([key], { organisation: 'REM', person: grant().person, nowMs: 0 })).get(key),
    ).toMatchObject({
      permission: { id: 'p' },
      grants: [{ id: 'g' }],
    })
    expect((await third.findReviews('g')).map(({ outcome }) => outcome)).toEqual(['QUERY', null])
    third.close()
  })

  it('serves two processes that make it and write to it at the same time', async () => {
    await using folder = await makeFolder()
    const publish = (from: number) => `
      import { createSqliteRecordStore } from '${new URL('../../subgraphs/store/sqlite-record-store.ts', import.meta.url)}'
      import { patient, publication } from '${new URL('../support/store/publications.ts', import.meta.url)}'
      const store = createSqliteRecordStore({ region: '${region}', file: process.argv.at(-1) })
      for (let n = ${from}; n < ${from + 40}; n++) await store.publish([publication({ patients: [patient(n)] })])
      store.close()`
    const run = (from: number) =>
      promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', publish(from), '--', folder.file])
    await Promise.all([run(0), run(100)])
    const store = createSqliteRecordStore({ region, file: folder.file })
    expect(await store.sequence()).toBe(80)
    store.close()
  })

  it('costs no more to read deep in the past than at the start', async () => {
    await using folder = await makeFolder()
    const store = createSqliteRecordStore({ region, file: folder.file })
    const items = Array.from({ length: 20_000 }, (_, n) => item('results', `r${n}`, { orderedAtMs: n * 1000 }))
    await store.publish([publication({ items })])
    const plan = new DatabaseSync(folder.file)
      .prepare(
        "EXPLAIN QUERY PLAN SELECT body FROM item WHERE patient = 1 AND section = 'results' AND (age, id) > (-5000000, 'x') ORDER BY age, id LIMIT 20",
      )
      .all()
      .map((row) => row.detail)
    expect(plan).toEqual([
      expect.stringMatching(/^SEARCH item USING PRIMARY KEY \(patient=\? AND section=\? AND \(age,id\)>\(\?,\?\)\)$/),
    ])
    store.close()
  })

  it('costs no more to find an attendance among many elsewhere than alone', async () => {
    await using folder = await makeFolder()
    const store = createSqliteRecordStore({ region, file: folder.file })
    const elsewhere = { odsCode: 'RBL', name: 'Wirral University Teaching Hospital NHS Foundation Trust' }
    const items = (organisation: Region.Organisation, count: number, n: number) =>
      Array.from({ length: count }, (_, index) =>
        item('encounters', `${n} ${organisation.odsCode} ${index}`, {
          nhsNumber: numberOf(n),
          organisation,
          orderedAtMs: index,
        }),
      )
    await store.publish([
      publication({ items: [...items(trust, 1, 0), ...items(trust, 1, 1), ...items(elsewhere, 20_000, 1)] }),
    ])
    const keys = [...(await store.findPatients([0, 1].map(numberOf))).values()].map(({ key }) => key)
    const [alone = 0, among = 0] = await Array.fromAsync(keys, (key) =>
      timeOf(() => store.readViewerFacts([key], { organisation: 'REM', person: '1', nowMs: 0 })),
    )
    // Reading all of them takes some hundred times as long.
    expect(among).toBeLessThan(10 * alone)
    store.close()
  })

  it('finds grants by searching an index for each barrier and reason, never by reading all of them', async () => {
    await using folder = await makeFolder()
    const store = createSqliteRecordStore({ region, file: folder.file })
    const db = new DatabaseSync(folder.file, { readOnly: true })
    const planOf = (sql: string) => db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all()
    const stepsOf = (sql: string) =>
      planOf(sql).flatMap(({ detail }) => (/override_grant|\bg\b/.test(String(detail)) ? [String(detail)] : []))
    expect(new Set(stepsOf(selectGrants))).toEqual(
      new Set([
        'SEARCH override_grant EXISTS USING COVERING INDEX override_grant_in_force (nhs_number=? AND person=? AND organisation=? AND until_ms>?)',
        'SEARCH g USING PRIMARY KEY (id=?)',
        'SEARCH override_grant USING COVERING INDEX override_grant_by_reason (nhs_number=? AND person=? AND organisation=? AND barrier=? AND reason=? AND until_ms>?)',
      ]),
    )
    expect(stepsOf(selectSameGrant)).toEqual([
      expect.stringMatching(
        /^SEARCH g USING INDEX override_grant_by_words \(.* AND justification=\? AND until_ms>\?\)$/,
      ),
    ])
    expect(stepsOf(selectGrantCount)).toEqual([
      expect.stringMatching(
        /^SEARCH override_grant USING COVERING INDEX override_grant_by_person \(person=\? AND at_ms>\?\)$/,
      ),
    ])
    db.close()
    store.close()
  })

  it('costs the same to read the grants of a patient who has three in force and of one who has 3,000', async () => {
    await using folder = await makeFolder()
    const store = createSqliteRecordStore({ region, file: folder.file })
    await store.publish([publication({ patients: [patient(0), patient(1, { entry: 1 })] })])
    for (let n = 0; n < 3; n++)
      await store.recordGrant(grant({ nhsNumber: numberOf(0), justification: `Reason ${n} of three` }), 0)
    const db = new DatabaseSync(folder.file)
    db.prepare(
      `INSERT INTO override_grant WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3000)
       SELECT 'many' || n, ?, person, organisation, barrier, reason, 'Reason ' || n || ' of many', at_ms, until_ms + n FROM n, override_grant WHERE justification = 'Reason 0 of three'`,
    ).run(numberOf(1))
    db.close()
    const keys = [...(await store.findPatients([0, 1].map(numberOf))).values()].map(({ key }) => key)
    const viewer = { organisation: 'REM', person: grant().person, nowMs: 2_000 }
    const [few = 0, many = 0] = await Array.fromAsync(keys, (key) => timeOf(() => store.readViewerFacts([key], viewer)))
    expect(many).toBeLessThan(5 * few)
    expect([...(await store.readViewerFacts(keys, viewer)).values()].map(({ grants }) => grants.length)).toEqual([1, 1])
    store.close()
  })

  const unfit: readonly [name: string, found: RegExp, make: (file: string) => Promise<void>][] = [
    [
      'text',
      /expected a SQLite database, found a file that is none/,
      (file) => writeFile(file, 'not a database'.repeat(100)),
    ],
    [
      "another program's database",
      /found a database of another program/,
      async (file) => {
        const db = new DatabaseSync(file)
        db.exec('CREATE TABLE things (a)')
        db.close()
      },
    ],
    [
      "another region's records",
      /expected the records of CHESHIRE_MERSEYSIDE, found those of LANCASHIRE_SOUTH_CUMBRIA/,
      async (file) => createSqliteRecordStore({ region: 'LANCASHIRE_SOUTH_CUMBRIA', file }).close(),
    ],
    [
      'tables of a newer version',
      /found 99, made by a newer version/,
      async (file) => {
        createSqliteRecordStore({ region, file }).close()
        const db = new DatabaseSync(file)
        db.exec('PRAGMA user_version = 99')
        db.close()
      },
    ],
    [
      'a database cut short',
      /expected a sound database, found damaged pages/,
      async (file) => {
        const store = createSqliteRecordStore({ region, file })
        await store.publish([publication({ items: Array.from({ length: 200 }, (_, n) => item('problems', `p${n}`)) })])
        store.close()
        await truncate(file, 100_000)
      },
    ],
  ]

  it.each(unfit)('is refused at opening when it is %s', async (_, found, make) => {
    await using folder = await makeFolder()
    await make(folder.file)
    const open = () => createSqliteRecordStore({ region, file: folder.file })
    expect(open).toThrow(found)
    expect(open).toThrow(
      /Record store .*records\.sqlite: .*(Move the file away, or let DATA_DIR name another folder|Restore it from a backup; or move it away, with its -wal and -shm files, and publish everything again|Start the newer program, or restore a backup from before it)\.$/,
    )
  })
})

/** The least of many times in milliseconds, which is the work without what the machine did beside it. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 50; round++) {
    const startedAt = performance.now()
    await work()
    times.push(performance.now() - startedAt)
  }
  return Math.min(...times)
}
