import { describe, expect, it } from 'vitest'
import type { RecordStore, ViewerFacts } from '../../subgraphs/store/record-store.ts'
import { grant, permission } from '../support/store/consent-records.ts'
import {
  council,
  identifier,
  item,
  numberOf,
  patient,
  publication,
  referral,
  trust,
} from '../support/store/publications.ts'
import { keyOf, publishOne } from '../support/store/store-reads.ts'
import type { MakeStore } from './record-store-contract.ts'

const viewer = { organisation: 'REM', person: '555000000001', nowMs: 2_000 }
const practice = { ...viewer, organisation: 'P81001' }
const elsewhere = { odsCode: 'RBL', name: 'Wirral University Teaching Hospital NHS Foundation Trust' }
const registeredAt = (odsCode: string | null) => ({
  fields: { gpPractice: odsCode === null ? null : { odsCode, name: 'A Practice' } },
})

/** What a store knows between a patient and a viewer. */
export function describeViewerFacts(name: string, makeStore: MakeStore): void {
  describe(`${name}: a patient and a viewer`, () => {
    it('knows nothing of a patient with whom the viewer has nothing to do, and has no entry for other keys', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishOne(store, publication({ patients: [patient(0)] }))
      const key = (await keyOf(store, numberOf(0))) ?? -1
      const nothing = {
        encounters: [],
        appointments: [],
        referrals: [],
        registration: { current: false, endedAt: null },
        permission: null,
        grants: [],
      }
      expect(await store.readViewerFacts([key, -1], viewer)).toEqual(
        new Map([[key, { nhsNumbers: [numberOf(0)], ...nothing }]]),
      )
    })

    it('finds encounters by provider, by source where no provider is named, newest first', async () => {
      await using made = await makeStore()
      const { store } = made
      const encounter = (value: string, day: number, changes: Parameters<typeof item<'encounters'>>[2] = {}) =>
        item('encounters', value, {
          at: `2026-01-0${day}T00:00:00Z`,
          ...changes,
          fields: { start: value, ...changes.fields },
        })
      const items = [
        encounter('provided here', 1, { organisation: elsewhere, fields: { provider: trust } }),
        encounter('published here', 3),
        encounter('published here, provided elsewhere', 2, { fields: { provider: elsewhere } }),
        encounter('provider without a code', 2, {
          fields: { provider: { odsCode: null, name: 'A Ward' }, class: 'INPATIENT', status: 'IN_PROGRESS' },
        }),
        encounter('elsewhere', 4, { organisation: elsewhere }),
        encounter('entered in error', 5, { lifecycle: 'retracted' }),
      ]
      await publishOne(store, publication({ items }))
      expect((await factsOf(store))?.encounters).toEqual([
        { class: 'AMBULATORY', status: 'FINISHED', start: 'published here', end: null },
        { class: 'INPATIENT', status: 'IN_PROGRESS', start: 'provider without a code', end: null },
        { class: 'AMBULATORY', status: 'FINISHED', start: 'provided here', end: null },
      ])
    })

    it('finds appointments by source', async () => {
      await using made = await makeStore()
      const { store } = made
      const items = [
        item('appointments', 'a', {
          at: '2026-01-01T09:00:00Z',
          fields: { start: '2026-01-01T09:00:00Z', status: 'FULFILLED' },
        }),
        item('appointments', 'b', { at: '2026-03-01T09:00:00Z', fields: { start: '2026-03-01T09:00:00Z' } }),
        item('appointments', 'c', { organisation: council }),
      ]
      await publishOne(store, publication({ items }))
      expect((await factsOf(store))?.appointments).toEqual([
        { status: 'BOOKED', start: '2026-03-01T09:00:00Z' },
        { status: 'FULFILLED', start: '2026-01-01T09:00:00Z' },
      ])
    })

    it('tells the newest hundred of each, of each patient', async () => {
      await using made = await makeStore()
      const { store } = made
      const of = (n: number) =>
        Array.from({ length: 102 }, (_, at) => [
          item('encounters', `e${n} ${at}`, { nhsNumber: numberOf(n), orderedAtMs: at, fields: { start: String(at) } }),
          item('appointments', `a${n} ${at}`, {
            nhsNumber: numberOf(n),
            orderedAtMs: at,
            fields: { start: String(at) },
          }),
        ]).flat()
      await publishOne(store, publication({ items: [...of(0), ...of(1)] }))
      const keys = await Promise.all([0, 1].map(async (n) => (await keyOf(store, numberOf(n))) ?? -1))
      const newest = Array.from({ length: 100 }, (_, index) => String(101 - index))
      const found = [...(await store.readViewerFacts(keys, viewer)).values()]
      expect(found.map(({ encounters }) => encounters.map(({ start }) => start))).toEqual([newest, newest])
      expect(found.map(({ appointments }) => appointments.map(({ start }) => start))).toEqual([newest, newest])
    })

    it('reads many patients in one call, to each its own', async () => {
      await using made = await makeStore()
      const { store } = made
      const several = [0, 1, 2, 3]
      await publishOne(
        store,
        publication({
          patients: [patient(1), patient(3, { supersedes: [numberOf(4)] })],
          items: [
            item('encounters', 'e', { nhsNumber: numberOf(0) }),
            item('appointments', 'a', { nhsNumber: numberOf(1) }),
          ],
          referrals: [referral('r', { nhsNumber: numberOf(2) }), referral('s', { nhsNumber: numberOf(3) })],
        }),
      )
      await store.recordPermission(permission({ nhsNumber: numberOf(2) }))
      await store.recordGrant(grant({ nhsNumber: numberOf(4) }), 0)
      const keys = await Promise.all(several.map(async (n) => (await keyOf(store, numberOf(n))) ?? -1))
      const alone = await Promise.all(keys.map(async (key) => (await store.readViewerFacts([key], viewer)).get(key)))
      const together = await store.readViewerFacts(keys, viewer)
      expect(keys.map((key) => together.get(key))).toEqual(alone)
      expect(
        alone.map((facts) => [
          facts?.encounters.length,
          facts?.appointments.length,
          facts?.referrals.length,
          facts?.permission !== null,
          facts?.grants.length,
        ]),
      ).toEqual([
        [1, 0, 0, false, 0],
        [0, 1, 0, false, 0],
        [0, 0, 1, true, 0],
        [0, 0, 1, false, 1],
      ])
    })
  })

  describe(`${name}: registration`, () => {
    it('is with the practice of the demographics, and ends when the store hears of another', async () => {
      await using made = await makeStore()
      const { store } = made
      const registration = async (asked = practice) => (await factsOf(store, 0, asked))?.registration
      await publishOne(store, publication({ patients: [patient(0, registeredAt('P81001'))] }))
      expect(await registration()).toEqual({ current: true, endedAt: null })
      expect(await registration(viewer)).toEqual({ current: false, endedAt: null })
      await publishOne(store, publication({ patients: [patient(0, registeredAt('P81002'))] }))
      const ended = await registration()
      expect(ended).toEqual({ current: false, endedAt: expect.any(String) })
      expect(ended?.endedAt).toBe((await store.findPatients([numberOf(0)])).get(numberOf(0))?.demographics?.recordedAt)
      await publishOne(store, publication({ patients: [patient(0, registeredAt(null))] }))
      expect(await registration()).toEqual(ended)
      await publishOne(store, publication({ patients: [patient(0, registeredAt('P81001'))] }))
      expect(await registration()).toEqual({ current: true, endedAt: null })
    })

    it('ends with a number that is superseded', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishOne(store, publication({ patients: [patient(0, registeredAt('P81009'))] }))
      await publishOne(store, publication({ patients: [patient(0, registeredAt('P81001'))] }))
      await publishOne(
        store,
        publication({ patients: [patient(1, { supersedes: [numberOf(0)], ...registeredAt('P81002') })] }),
      )
      const registration = async (organisation: string) =>
        (await factsOf(store, 1, { ...practice, organisation }))?.registration
      expect(await registration('P81002')).toEqual({ current: true, endedAt: null })
      expect(await registration('P81001')).toEqual({ current: false, endedAt: expect.any(String) })
      expect(await registration('P81009')).toEqual({ current: false, endedAt: expect.any(String) })
      expect(await registration('P81003')).toEqual({ current: false, endedAt: null })
    })
  })

  describe(`${name}: referrals`, () => {
    const read = async (store: RecordStore, n = 0) => (await factsOf(store, n))?.referrals

    it('makes a relationship with the organisation that the patient is referred to, where it says when', async () => {
      await using made = await makeStore()
      const { store } = made
      const referrals = [
        referral('a'),
        referral('b', { authoredOn: '2026-02-03T04:05:06Z' }),
        referral('c', { organisation: 'RBL' }),
        referral('d', { authoredOn: null }),
      ]
      await publishOne(store, publication({ referrals }))
      expect(await read(store)).toEqual(['2026-02-03T04:05:06Z', '2026-01-01'])
      expect((await store.readChangesAfter(0, 9)).map(({ nhsNumber }) => nhsNumber)).toEqual([numberOf(0)])
    })

    it('lets a newer version supersede, and one that is not active end it', async () => {
      await using made = await makeStore()
      const { store } = made
      const one = referral('r', { lastUpdated: '2026-01-02T00:00:00Z' })
      await publishOne(store, publication({ referrals: [one] }))
      expect(
        await publishOne(
          store,
          publication({ referrals: [{ ...one, active: false, lastUpdated: '2026-01-01T00:00:00Z' }] }),
        ),
      ).toEqual({ 0: 'older' })
      expect(await read(store)).toHaveLength(1)
      expect(
        await publishOne(
          store,
          publication({ referrals: [{ ...one, organisation: 'RBL', lastUpdated: '2026-01-03T00:00:00Z' }] }),
        ),
      ).toEqual({ 0: 'updated' })
      expect(await read(store)).toEqual([])
      expect(
        await publishOne(store, publication({ referrals: [{ ...one, lastUpdated: '2026-01-04T00:00:00Z' }] })),
      ).toEqual({ 0: 'updated' })
      expect(
        await publishOne(
          store,
          publication({ referrals: [{ ...one, active: false, lastUpdated: '2026-01-05T00:00:00Z' }] }),
        ),
      ).toEqual({ 0: 'updated' })
      expect(await read(store)).toEqual([])
    })

    it('is told apart by organisation, resource id and patient where it has no business identifier', async () => {
      await using made = await makeStore()
      const { store } = made
      const nameless = referral('1', { identifier: null })
      const referrals = [
        nameless,
        { ...nameless, organisation: 'RBL', entry: 1 },
        { ...nameless, nhsNumber: numberOf(1), entry: 2 },
      ]
      expect(await publishOne(store, publication({ referrals }))).toEqual({ 0: 'created', 1: 'created', 2: 'created' })
      expect(await publishOne(store, publication({ referrals: [{ ...nameless, active: false }] }))).toEqual({
        0: 'updated',
      })
      expect([await read(store, 0), await read(store, 1)]).toEqual([[], ['2026-01-01']])
    })

    it("refuses an identifier of another patient's referral while it is active", async () => {
      await using made = await makeStore()
      const { store } = made
      await publishOne(store, publication({ referrals: [referral('r')] }))
      const [outcome] = await store.publish([
        publication({ referrals: [referral('r', { nhsNumber: numberOf(1), entry: 7 })] }),
      ])
      expect(outcome).toMatchObject({
        status: 'refused',
        faults: [{ entry: 7, path: 'ServiceRequest.identifier', code: 'conflict' }],
      })
      await publishOne(store, publication({ referrals: [referral('r', { active: false })] }))
      expect(await publishOne(store, publication({ referrals: [referral('r', { nhsNumber: numberOf(1) })] }))).toEqual({
        0: 'created',
      })
    })

    it.each([
      ['with a business identifier', identifier('r')],
      ['without', null],
    ])('moves with a superseded number, %s, and can still be ended', async (_, named) => {
      await using made = await makeStore()
      const { store } = made
      const one = referral('r', { identifier: named })
      await publishOne(store, publication({ referrals: [one] }))
      await publishOne(store, publication({ patients: [patient(1, { supersedes: [numberOf(0)] })] }))
      expect(await read(store, 1)).toEqual(['2026-01-01'])
      expect(
        await publishOne(store, publication({ referrals: [{ ...one, nhsNumber: numberOf(1), active: false }] })),
      ).toEqual({ 0: 'updated' })
      expect(await read(store, 1)).toEqual([])
    })
  })

  describe(`${name}: what was recorded for a patient`, () => {
    it("is found by all of the patient's numbers", async () => {
      await using made = await makeStore()
      const { store } = made
      await store.recordPermission(permission({ id: 'p', nhsNumber: numberOf(0), untilMs: 7 }))
      await store.recordGrant(grant({ id: 'g', nhsNumber: numberOf(0) }), 0)
      await publishOne(store, publication({ patients: [patient(1, { supersedes: [numberOf(0)] })] }))
      expect(await factsOf(store, 1)).toMatchObject({
        nhsNumbers: [numberOf(1), numberOf(0)],
        permission: { id: 'p', untilMs: 7 },
        grants: [grant({ id: 'g' })],
      })
    })

    it('is the permission that was recorded last for the organisation and not withdrawn, ended or not', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishOne(store, publication({ patients: [patient(1, { supersedes: [numberOf(0)] })] }))
      const recorded = async (organisation = 'REM') =>
        (await factsOf(store, 1, { ...viewer, organisation }))?.permission?.id
      await store.recordPermission(permission({ id: 'first', untilMs: 9_000_000_000_000 }))
      await store.recordPermission(permission({ id: 'second', untilMs: 1 }))
      expect([await recorded(), await recorded('RBL')]).toEqual(['second', undefined])
      await store.recordPermission(permission({ id: 'third', nhsNumber: numberOf(1) }))
      await store.recordPermission(permission({ id: 'other', organisation: 'RBL' }))
      expect(await recorded()).toBe('third')
      await store.withdrawPermission(numberOf(1), 'REM')
      expect([await recorded(), await recorded('RBL')]).toEqual([undefined, 'other'])
      await store.recordPermission(permission({ id: 'fourth' }))
      expect(await recorded()).toBe('fourth')
    })

    it("are the grants in force of the person at that organisation, under all the patient's numbers", async () => {
      await using made = await makeStore()
      const { store } = made
      await publishOne(store, publication({ patients: [patient(1, { supersedes: [numberOf(0)] })] }))
      const idsOf = async (changes: Partial<typeof viewer> = {}) =>
        (await factsOf(store, 1, { ...viewer, ...changes }))?.grants.map(({ id }) => id)
      await store.recordGrant(grant({ id: 'first', atMs: 1_000, untilMs: 5_000 }), 0)
      await store.recordGrant(
        grant({ id: 'second', nhsNumber: numberOf(1), barrier: 'OPT_OUT', atMs: 1_001, untilMs: 4_000 }),
        0,
      )
      await store.recordGrant(grant({ id: 'ended', barrier: 'CONFIDENTIALITY', untilMs: 2_000 }), 0)
      await store.recordGrant(grant({ id: 'elsewhere', organisation: 'RBL' }), 0)
      await store.recordGrant(grant({ id: 'of another person', person: 'another' }), 0)
      await store.recordGrant(grant({ id: 'of another patient', nhsNumber: numberOf(2) }), 0)
      expect(await idsOf()).toEqual(['second', 'first'])
      expect(await idsOf({ nowMs: 4_000 })).toEqual(['first'])
      expect(await idsOf({ nowMs: 5_000 })).toEqual([])
      expect(await idsOf({ organisation: 'RBL' })).toEqual(['elsewhere'])
      expect(await idsOf({ organisation: 'RXA' })).toEqual([])
    })

    it('is never without a grant in force, however many others were given since', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishOne(store, publication({ patients: [patient(0)] }))
      await store.recordGrant(grant({ id: 'opt-out', barrier: 'OPT_OUT' }), 0)
      for (let n = 0; n < 150; n++)
        await store.recordGrant(
          grant({ id: `g${n}`, justification: `Another reason ${n}`, atMs: 1_001 + n, untilMs: 3_601_001 + n }),
          0,
        )
      expect((await factsOf(store))?.grants.map(({ id }) => id)).toEqual(['g149', 'opt-out'])
    })

    it('is the same grant where the same is asked again while it is in force', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishOne(store, publication({ patients: [patient(1, { supersedes: [numberOf(0)] })] }))
      const given = grant({ id: 'g', untilMs: 5_000 })
      await store.recordGrant(given, 0)
      expect(await store.findSameGrant({ ...given, nhsNumber: numberOf(1) }, 4_999)).toEqual(given)
      expect(await store.findSameGrant(given, 5_000)).toBeNull()
      const others = [
        { nhsNumber: numberOf(2) },
        { person: 'another' },
        { organisation: 'RBL' },
        { barrier: 'OPT_OUT' },
        { reason: 'STATUTE' },
        { justification: 'In other words' },
      ] as const
      for (const other of others)
        expect(await store.findSameGrant({ ...given, ...other }, 4_999), JSON.stringify(other)).toBeNull()
    })

    it("counts a person's grants since an instant, wherever and for whomever, up to a number", async () => {
      await using made = await makeStore()
      const { store } = made
      await store.recordGrant(grant({ person: 'p', atMs: 1_000 }), 0)
      await store.recordGrant(grant({ person: 'p', atMs: 1_001, organisation: 'RBL', nhsNumber: numberOf(1) }), 0)
      await store.recordGrant(grant({ person: 'q', atMs: 1_001 }), 0)
      expect([
        await store.countGrants('p', 999, 9),
        await store.countGrants('p', 1_000, 9),
        await store.countGrants('p', 999, 1),
        await store.countGrants('r', 0, 9),
      ]).toEqual([2, 1, 1, 0])
    })
  })
}

async function factsOf(store: RecordStore, n = 0, asked = viewer): Promise<ViewerFacts | undefined> {
  const key = (await keyOf(store, numberOf(n))) ?? -1
  return (await store.readViewerFacts([key], asked)).get(key)
}
