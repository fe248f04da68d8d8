import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseWeek, type ReportingPeriod } from '../../schema/reporting-period.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { rewriteAsVersion } from '../support/store/earlier-database.ts'
import { concept, identifier, item, numberOf, publication } from '../support/store/publications.ts'

const region = 'CHESHIRE_MERSEYSIDE'
const week = (name: string): ReportingPeriod => parseWeek(name) ?? expect.fail(`no week ${name}`)

/** A store whose clock is set before each publication. */
async function openStore(file = ':memory:') {
  let clock = 0
  const store = createSqliteRecordStore({ region, file, now: () => clock })
  const publish = async (at: string, ...items: readonly ReturnType<typeof item<'documents'>>[]) => {
    clock = Date.parse(at)
    const [outcome] = await store.publish([publication({ items })])
    return outcome?.status
  }
  return {
    store,
    publish,
    countsOf: (name: string) => store.countDocuments(week(name), '2026-01-01'),
    [Symbol.dispose]: () => store.close(),
  }
}

const letter = (name: string, changes: Parameters<typeof item<'documents'>>[2] = {}) => item('documents', name, changes)

test('a document counts once, as what it first was, whatever becomes of it', async () => {
  using store = await openStore()
  await store.publish('2026-11-10T09:00:00Z', letter('a', { version: 1 }), letter('b', { version: 1 }))
  await store.publish(
    '2026-11-17T09:00:00Z',
    letter('a', { version: 2, fields: { type: concept('Plan', '736253002') } }),
    letter('c', { replaces: [identifier('b')] }),
  )
  await store.publish('2026-11-17T10:00:00Z', letter('b', { version: 2, lifecycle: 'retracted' }))
  // What was retracted may be published again, for another patient; it is the same document.
  await store.publish('2026-11-17T11:00:00Z', letter('b', { version: 3, nhsNumber: numberOf(1) }))
  expect(await store.countsOf('2026-W47')).toEqual({
    total: 3,
    inWeek: 1,
    counts: [{ organisation: 'REM', type: '373942005', typeName: 'Discharge summary', total: 3, inWeek: 1 }],
    days: [
      { day: '2026-11-10', documents: 2 },
      { day: '2026-11-17', documents: 1 },
    ],
  })
  expect(await store.countsOf('2026-W46')).toMatchObject({
    total: 2,
    inWeek: 2,
    days: [{ day: '2026-11-10', documents: 2 }],
  })
  expect(await store.countsOf('2026-W45')).toEqual({ total: 0, inWeek: 0, counts: [], days: [] })
})

test('a refused publication, another kind of item and the same again count nothing', async () => {
  using store = await openStore()
  await store.publish('2026-11-17T09:00:00Z', letter('a'))
  await store.publish('2026-11-18T09:00:00Z', letter('a'))
  expect(
    await store.publish('2026-11-18T10:00:00Z', letter('new'), letter('a', { nhsNumber: numberOf(1), version: 2 })),
  ).toBe('refused')
  await store.store.publish([publication({ items: [item('problems', 'asthma')] })])
  expect(await store.countsOf('2026-W47')).toMatchObject({
    total: 1,
    inWeek: 1,
    days: [{ day: '2026-11-17', documents: 1 }],
  })
})

test('weeks begin on Monday at midnight in London, in summer too', async () => {
  using store = await openStore()
  await store.publish('2026-06-14T22:59:59.999Z', letter('on Sunday'))
  await store.publish('2026-06-14T23:00:00Z', letter('on Monday'))
  expect([(await store.countsOf('2026-W24')).inWeek, (await store.countsOf('2026-W25')).inWeek]).toEqual([1, 1])
})

test('a database made before documents were counted has the same counts as one that counted them', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'document-counts-'))
  const file = join(folder.path, 'records.sqlite')
  const publishAll = async (store: Awaited<ReturnType<typeof openStore>>) => {
    await store.publish(
      '2026-11-10T09:00:00Z',
      letter('a', { version: 1 }),
      letter('b', { organisation: { odsCode: null, name: 'A hospice' } }),
    )
    await store.publish(
      '2026-11-17T09:00:00Z',
      letter('a', { version: 2, fields: { type: concept('Plan', '736253002') } }),
      letter('c', { fields: { type: { text: 'No code', codings: [] } } }),
    )
    return store.countsOf('2026-W47')
  }
  const counted = await (async () => {
    using store = await openStore(file)
    return await publishAll(store)
  })()
  rewriteAsVersion(file, 3)
  using again = await openStore(file)
  expect(await again.countsOf('2026-W47')).toEqual(counted)
  expect(counted).toMatchObject({ total: 3, inWeek: 1 })
})
