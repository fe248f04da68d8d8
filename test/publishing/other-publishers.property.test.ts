import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Publication, PublishedItem, RecordStore } from '../../subgraphs/store/record-store.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import {
  council,
  identifier,
  item,
  numberOf,
  optOut,
  patient,
  publication,
  publisher,
  referral,
} from '../support/store/publications.ts'
import { keyOf } from '../support/store/store-reads.ts'

/** Each made and published in about 10 ms. */
const cases = Number(process.env.CASES ?? 60)

const owner = publisher('REM')
const strangers = fc.constantFrom(
  publisher('RBL'),
  publisher('RWW', { actsFor: ['RBL'] }),
  publisher('P81099', { via: 'import' }),
)

const instants = fc.constantFrom(null, '2020-01-01T00:00:00Z', '2026-06-01T00:00:00Z', '2031-01-01T00:00:00Z')
const versions = fc.constantFrom(null, 1, 2, 99)
const numbers = fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 1, 2).map(numberOf)
const names = fc.constantFrom('a', 'b')
const labelSets = fc.subarray(['N', 'R', 'V', 'SEALED', 'PSY'], { maxLength: 2 })
const stamp = { version: versions, lastUpdated: instants }

const items: fc.Arbitrary<PublishedItem> = fc
  .record({
    section: fc.constantFrom('problems' as const, 'results' as const, 'documents' as const, 'documents' as const),
    name: names,
    at: instants,
    isIdentified: fc.constantFrom(true, true, true, false),
    lifecycle: fc.constantFrom('current' as const, 'current' as const, 'superseded' as const, 'retracted' as const),
    labels: labelSets,
    replaces: fc.array(names, { maxLength: 2 }),
    nhsNumber: numbers,
    organisation: fc.constantFrom(council, { odsCode: 'REM', name: 'A trust' }, { odsCode: null, name: null }),
    ...stamp,
  })
  .map(({ section, name, isIdentified, replaces, ...said }) =>
    item(section, name, { ...said, ...(isIdentified ? {} : { identifier: null }), replaces: replaces.map(identifier) }),
  )

const patients = fc
  .record({
    nhsNumber: numbers,
    sensitive: fc.boolean(),
    verification: fc.constantFrom('01', '02'),
    supersedes: fc.subarray([0, 1, 2].map(numberOf), { maxLength: 2 }),
    fields: fc.record({
      ...stamp,
      birthDate: fc.constantFrom(null, '1950-01-01', '2012-02-03'),
      name: fc.constantFrom(null, { full: 'Another', family: 'Another', given: [], prefix: [] }),
      address: fc.constant(null),
      deceased: fc.boolean(),
      gpPractice: fc.constantFrom(null, { odsCode: 'RBL', name: null }),
    }),
  })
  .map((said) => patient(0, { ...said, supersedes: said.supersedes.filter((one) => one !== said.nhsNumber) }))

const optOuts = fc
  .record({
    name: names,
    active: fc.boolean(),
    organisation: fc.constantFrom(null, council),
    nhsNumber: numbers,
    lastUpdated: instants,
  })
  .map(({ name, ...said }) => optOut(name, said))
const referrals = fc
  .record({ name: names, active: fc.boolean(), organisation: fc.constantFrom('REM', 'RBL'), nhsNumber: numbers })
  .map(({ name, ...said }) => referral(name, said))

const few = <Thing>(things: fc.Arbitrary<Thing>) => fc.array(things, { maxLength: 3 })
const contents = fc.record({
  patients: few(patients),
  items: few(items),
  optOuts: few(optOuts),
  referrals: few(referrals),
})
/** What one stranger publishes: two could move a record or close it by a death, as two publishers' word. */
const ofOneStranger = (most: number) =>
  fc
    .tuple(strangers, fc.array(contents, { minLength: 1, maxLength: most }))
    .map(([by, said]) => said.map((one) => publication({ by, ...one })))

/** What the owner publishes of the first patient: whatever its stated order, it protects something. */
const ownersRecord = fc.tuple(fc.array(items, { minLength: 1, maxLength: 4 }), few(optOuts)).map(([said, refused]) =>
  publication({
    by: owner,
    patients: [patient(0, { sensitive: true, fields: { birthDate: '2012-02-03' } })],
    items: said.map((one) => ({ ...one, nhsNumber: numberOf(0) })),
    optOuts: refused.map((one) => ({ ...one, nhsNumber: numberOf(0) })),
    referrals: [referral('a')],
  }),
)

const lifecycles = ['current', 'superseded', 'retracted'] as const

/** All that is held of a patient: items by id with their labels, and what protects. */
async function readAll(store: RecordStore, nhsNumber: string) {
  const row = (await store.findPatients([nhsNumber])).get(nhsNumber) ?? expect.fail('the patient is no longer found')
  const keys = [row.key]
  const kinds = new Map(
    ((await store.findReleaseClasses(keys)).get(row.key) ?? []).map(({ id, releaseClass }) => [
      id,
      releaseClass.labels ?? [],
    ]),
  )
  const timeline = { first: 99, after: null, fromMs: null, toMs: null, filter: { lifecycles } }
  const sections = {
    problems: await store.readList('problems', keys, 99),
    results: await store.readTimeline('results', keys, timeline),
    documents: await store.readTimeline('documents', keys, timeline),
  }
  const read = Object.entries(sections).flatMap(([section, found]) =>
    (found.get(row.key) ?? []).map((one) => ({ ...one, section })),
  )
  return {
    nhsNumber: row.nhsNumber,
    verification: row.verification,
    sensitive: row.sensitive,
    isClosedByDeath: row.deathStands && (row.demographics?.deceased ?? false),
    birthDates: row.statedBirthDates.length > 0 ? row.statedBirthDates : [row.demographics?.birthDate],
    address: row.demographics?.address,
    optOuts: row.optOuts,
    referrals:
      (await store.readViewerFacts(keys, { organisation: 'REM', person: '1', nowMs: 0 })).get(row.key)?.referrals ?? [],
    retracted: ((await store.readRetractions(keys)).get(row.key) ?? []).flatMap(({ id }) => id ?? []),
    items: new Map(
      read.map((one) => [one.item.id, { ...one, releaseClass: null, labels: kinds.get(one.releaseClass) ?? [] }]),
    ),
    count: read.length,
  }
}

async function publishAll(store: RecordStore, published: readonly Publication[]) {
  for (const one of published) await store.publish([one])
}

/** An item but for its id: where a stranger's statement of the same identifier was first, it has one of its own. */
function withoutId({
  item: one,
  ...held
}: Awaited<ReturnType<typeof readAll>>['items'] extends ReadonlyMap<string, infer Held> ? Held : never) {
  return { ...held, labels: null, item: { ...one, id: null, position: null, recordedAt: null } }
}

test("a stranger's publication changes, hides, retracts or exposes nothing of another publisher’s, whatever the order", async () => {
  await fc.assert(
    fc.asyncProperty(ownersRecord, ofOneStranger(6), fc.nat({ max: 2 }), async (record, theirs, earlier) => {
      const open = () => createSqliteRecordStore({ region: 'CHESHIRE_MERSEYSIDE', file: ':memory:' })
      const [alone, together] = [open(), open()]
      const [outcome] = await alone.publish([record])
      fc.pre(outcome?.status === 'stored')
      const before = await readAll(alone, numberOf(0))
      await publishAll(together, [...theirs.slice(0, earlier), record, ...theirs.slice(earlier)])
      const after = await readAll(together, numberOf(0))
      expect(after).toMatchObject({
        nhsNumber: numberOf(0),
        verification: '01',
        sensitive: true,
        address: before.address,
        isClosedByDeath: false,
      })
      expect(after.birthDates).toContain('2012-02-03')
      expect(after.optOuts).toEqual(expect.arrayContaining([...before.optOuts]))
      expect(after.referrals).toEqual(expect.arrayContaining([...before.referrals]))
      expect(after.retracted.length).toBeGreaterThanOrEqual(before.retracted.length)
      if (earlier === 0)
        expect([...after.items.keys(), ...after.retracted]).toEqual(
          expect.arrayContaining([...before.items.keys(), ...before.retracted]),
        )
      expect(after.items.size).toBe(after.count)
      const shown = [...after.items.values()]
      for (const held of before.items.values()) {
        const [found] = shown.filter((one) => isDeepStrictEqual(withoutId(one), withoutId(held)))
        expect(found?.labels ?? 'not shown').toEqual(expect.arrayContaining([...held.labels]))
        // What a stranger says of the same business identifier is no less protected.
        for (const { section, item: one, labels } of shown) {
          const isSame =
            held.section === section && one.identifier !== null && held.item.identifier?.value === one.identifier.value
          if (isSame) expect(labels).toEqual(expect.arrayContaining(held.labels.filter((label) => label !== 'N')))
        }
      }
      alone.close()
      together.close()
    }),
    { numRuns: cases },
  )
})

test('a publisher lifts its own protection, whatever a stranger published', async () => {
  await fc.assert(
    fc.asyncProperty(ofOneStranger(3), async (theirs) => {
      const store = createSqliteRecordStore({ region: 'CHESHIRE_MERSEYSIDE', file: ':memory:' })
      const record = (changes: { readonly isProtected: boolean; readonly lastUpdated: string }) =>
        publication({
          by: owner,
          patients: [patient(0, { sensitive: changes.isProtected, fields: { lastUpdated: changes.lastUpdated } })],
          items: [
            item('problems', 'own', {
              lastUpdated: changes.lastUpdated,
              labels: changes.isProtected ? ['SEALED'] : [],
            }),
          ],
          optOuts: [optOut('own', { active: changes.isProtected, lastUpdated: changes.lastUpdated })],
        })
      await publishAll(store, [record({ isProtected: true, lastUpdated: '2026-01-01T00:00:00Z' })])
      const unflagged = theirs.map((one) => ({
        ...one,
        patients: one.patients.map((said) => ({ ...said, sensitive: false })),
        optOuts: [],
      }))
      await publishAll(store, [...unflagged, record({ isProtected: false, lastUpdated: '2026-01-02T00:00:00Z' })])
      const after = await readAll(store, numberOf(0))
      expect(after).toMatchObject({ sensitive: false, optOuts: [] })
      expect([...after.items.values()].find(({ item: one }) => one.identifier?.value === 'own')?.labels).toEqual([])
      expect(await keyOf(store, numberOf(0))).toBeDefined()
      store.close()
    }),
    { numRuns: Math.ceil(cases / 3) },
  )
})
