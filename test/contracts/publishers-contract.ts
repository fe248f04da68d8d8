import { describe, expect, it } from 'vitest'
import { toItemId } from '../../schema/item-id.ts'
import type { PublicationRecord, PublishedBy } from '../../subgraphs/store/published-by.ts'
import type { Publication, PublishedItem, RecordStore } from '../../subgraphs/store/record-store.ts'
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
import { keyOf, publishOne, readList, readRetracted, readTimeline, without } from '../support/store/store-reads.ts'
import type { MakeStore } from './record-store-contract.ts'

const trust = publisher('REM')
const stranger = publisher('RBL')
const successor = publisher('RBN', { actsFor: ['REM'] })
const office = publisher('QYG', { actsFor: 'all', via: 'import' })

const rowOf = async (store: RecordStore, n = 0) =>
  (await store.findPatients([numberOf(n)])).get(numberOf(n)) ?? expect.fail('no patient')
const publishAs = (store: RecordStore, by: PublishedBy, parts: Partial<Publication>) =>
  publishOne(store, publication({ ...parts, by }))
const significances = async (store: RecordStore) =>
  (await readList(store, 'problems')).map(({ item: one }) => one.significance).sort()
const problem = (significance: string, changes: Partial<PublishedItem<'problems'>> = {}) =>
  item('problems', 'p', { ...changes, fields: { significance } })

/** Whose word stands where several organisations publish. */
export function describePublishers(name: string, makeStore: MakeStore): void {
  describe(`${name}: statements of several publishers`, () => {
    it("keeps a stranger's statement of a business identifier beside the first publisher's, each under an id of its own", async () => {
      await using made = await makeStore()
      const { store } = made
      const at = '2026-01-01T00:00:00Z'
      await publishAs(store, trust, { items: [item('results', 'r', { at, fields: { value: 'first' } })] })
      expect(
        await publishAs(store, stranger, {
          items: [item('results', 'r', { at, version: 9, fields: { value: 'second' } })],
        }),
      ).toEqual({ 0: 'created' })
      const results = (await readTimeline(store, 'results')).map(({ item: one }) => one)
      expect(results.map(({ value, identifier: named }) => [value, named?.value]).sort()).toEqual([
        ['first', 'r'],
        ['second', 'r'],
      ])
      const shared = toItemId({ kind: 'results', system: 'urn:test', value: 'r', orderedAtMs: Date.parse(at) })
      expect(results.find(({ id }) => id === shared)?.value).toBe('first')
      // Each publisher's next version takes the place of its own.
      await publishAs(store, stranger, {
        items: [item('results', 'r', { at, version: 10, fields: { value: 'third' } })],
      })
      await publishAs(store, trust, { items: [item('results', 'r', { at, version: 1, fields: { value: 'fourth' } })] })
      const later = (await readTimeline(store, 'results')).map(({ item: one }) => one)
      expect(later.map(({ value }) => value).sort()).toEqual(['fourth', 'third'])
      expect(later.map(({ id }) => id).sort()).toEqual(results.map(({ id }) => id).sort())
    })

    it.each([
      ['with a business identifier', problem('kept')],
      ['known by the id of its resource', problem('kept', { identifier: null })],
    ])(
      "does not let a stranger retract or overwrite an item %s, whatever organisation the stranger's resource names",
      async (_, held) => {
        await using made = await makeStore()
        const { store } = made
        await publishAs(store, trust, { items: [held] })
        await publishAs(store, stranger, {
          items: [{ ...held, version: 99, fields: { ...held.fields, significance: 'overwritten' } }],
        })
        await publishAs(store, stranger, { items: [{ ...held, version: 100, lifecycle: 'retracted' }] })
        expect(await significances(store)).toEqual(['kept'])
      },
    )

    it('lets a successor and the store’s office correct and retract what another published, which stays its own to correct', async () => {
      for (const by of [successor, office]) {
        await using made = await makeStore()
        const { store } = made
        await publishAs(store, trust, { items: [problem('first', { version: 1 })] })
        expect(await publishAs(store, by, { items: [problem('corrected', { version: 2 })] })).toEqual({ 0: 'updated' })
        expect(await significances(store)).toEqual(['corrected'])
        expect(await publishAs(store, trust, { items: [problem('first', { version: 1 })] })).toEqual({ 0: 'older' })
        expect(await publishAs(store, trust, { items: [problem('again', { version: 3 })] })).toEqual({ 0: 'updated' })
        expect(
          await publishAs(store, by, { items: [problem('gone', { version: 4, lifecycle: 'retracted' })] }),
        ).toEqual({ 0: 'retracted' })
        expect(await significances(store)).toEqual([])
        expect(await readRetracted(store)).toHaveLength(1)
      }
    })

    it('does not let a predecessor, or an organisation that acts for another, correct beyond that', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishAs(store, successor, { items: [problem('successor')] })
      await publishAs(store, trust, { items: [problem('predecessor')] })
      await publishAs(store, publisher('RWW', { actsFor: ['RBL'] }), { items: [problem('another')] })
      expect(await significances(store)).toEqual(['another', 'predecessor', 'successor'])
    })

    it('takes one identifier for two patients where two publishers say so, and finds each document’s own patient', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishAs(store, trust, { items: [item('documents', 'd')] })
      expect(await publishAs(store, stranger, { items: [item('documents', 'd', { nhsNumber: numberOf(1) })] })).toEqual(
        { 0: 'created' },
      )
      for (const n of [0, 1]) {
        const key = (await keyOf(store, numberOf(n))) ?? -1
        const page =
          (
            await store.readTimeline('documents', [key], {
              first: 9,
              after: null,
              fromMs: null,
              toMs: null,
              filter: {},
            })
          ).get(key) ?? []
        const ids = page.map(({ item: one }) => one.id)
        expect(ids).toHaveLength(1)
        expect([...(await store.findDocuments(ids)).values()]).toEqual([numberOf(n)])
      }
      const [refused] = await store.publish([
        publication({ by: trust, items: [item('documents', 'd', { nhsNumber: numberOf(1) })] }),
      ])
      expect(refused).toMatchObject({ status: 'refused', faults: [{ code: 'conflict' }] })
    })

    it("does not hide a document that a stranger's document replaces, and hides it where the same publisher's, its successor's or the office's does", async () => {
      for (const [by, shown] of [
        [stranger, ['new', 'old']],
        [trust, ['new']],
        [successor, ['new']],
        [office, ['new']],
      ] as const) {
        for (const order of [
          ['old', 'new'],
          ['new', 'old'],
        ]) {
          await using made = await makeStore()
          const { store } = made
          const documents: Readonly<Record<string, Partial<Publication>>> = {
            old: { by: trust, items: [item('documents', 'old')] },
            new: { by, items: [item('documents', 'new', { replaces: [identifier('old')] })] },
          }
          for (const one of order) await publishOne(store, publication(documents[one] ?? {}))
          expect(
            (await readTimeline(store, 'documents')).map(({ item: one }) => one.identifier?.value).sort(),
            `${by.publisher}, ${order}`,
          ).toEqual(shown)
          expect(await readRetracted(store)).toHaveLength(2 - shown.length)
        }
      }
    })

    it('does not bring a replaced document back because a stranger publishes the replacing one without it', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishAs(store, trust, {
        items: [item('documents', 'old'), item('documents', 'new', { entry: 1, replaces: [identifier('old')] })],
      })
      await publishAs(store, stranger, { items: [item('documents', 'new', { version: 9 })] })
      await publishAs(store, stranger, { items: [item('documents', 'new', { version: 10, lifecycle: 'retracted' })] })
      expect((await readTimeline(store, 'documents')).map(({ item: one }) => one.identifier?.value)).toEqual(['new'])
    })

    it('lists as retracted what its publisher retracted though a stranger has the same identifier as current', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishAs(store, trust, { items: [item('results', 'r', { version: 1 })] })
      const [held] = await readTimeline(store, 'results')
      await publishAs(store, stranger, { items: [item('results', 'r')] })
      await publishAs(store, trust, { items: [item('results', 'r', { version: 2, lifecycle: 'retracted' })] })
      expect(await readRetracted(store)).toEqual([held?.item.id])
      expect(await readTimeline(store, 'results')).toHaveLength(1)
    })
  })

  describe(`${name}: what protects, of several publishers`, () => {
    const shownWithout = async (store: RecordStore, label: string) => {
      const key = (await keyOf(store, numberOf(0))) ?? -1
      const kinds = ((await store.findReleaseClasses([key])).get(key) ?? [])
        .filter(({ releaseClass }) => without(label)(releaseClass))
        .map(({ id }) => id)
      const filter = { releaseClasses: new Map([[key, kinds]]) }
      return ((await store.readList('problems', [key], 9, filter)).get(key) ?? [])
        .map(({ item: one }) => one.significance)
        .sort()
    }

    it.each(['SEALED', 'R', 'V', 'PSY'])(
      "puts a label %s of one publisher on the other's statement of the same identifier, until the first lifts it",
      async (label) => {
        for (const order of [
          [trust, stranger],
          [stranger, trust],
        ] as const) {
          await using made = await makeStore()
          const { store } = made
          for (const by of order)
            await publishAs(store, by, {
              items: [problem(by.publisher, { version: 1, labels: by === trust ? [label] : ['N'] })],
            })
          await publishAs(store, stranger, { items: [problem('RBL again', { version: 2, labels: [] })] })
          expect(await shownWithout(store, label)).toEqual([])
          expect(await significances(store)).toHaveLength(2)
          await publishAs(store, trust, { items: [problem('REM again', { version: 2, labels: ['N'] })] })
          expect(await shownWithout(store, label)).toEqual(['RBL again', 'REM again'])
        }
      },
    )

    it('lets a successor unseal, and not the store’s office, which leaves unsaid what it does not know', async () => {
      for (const [by, shown] of [
        [successor, ['corrected']],
        [office, []],
      ] as const) {
        await using made = await makeStore()
        const { store } = made
        await publishAs(store, trust, { items: [problem('sealed', { version: 1, labels: ['SEALED'] })] })
        await publishAs(store, by, { items: [problem('corrected', { version: 2 })] })
        expect(await significances(store)).toEqual(['corrected'])
        expect(await shownWithout(store, 'SEALED')).toEqual(shown)
        // The office lifts it as the organisation that set it (import --publisher).
        await publishAs(store, trust, { items: [problem('lifted', { version: 3 })] })
        expect(await shownWithout(store, 'SEALED')).toEqual(['lifted'])
      }
    })

    it('has a patient flagged sensitive while any publisher says so, or its successor', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishAs(store, trust, { patients: [patient(0, { sensitive: true })] })
      for (const by of [stranger, office]) {
        await publishAs(store, by, {
          patients: [patient(0, { fields: { version: 9, lastUpdated: '2030-01-01T00:00:00Z' } })],
        })
        expect((await rowOf(store)).sensitive).toBe(true)
        expect((await store.findFlaggedPatients()).nhsNumbers).toEqual([numberOf(0)])
      }
      await publishAs(store, successor, { patients: [patient(0, { sensitive: false, fields: { version: 2 } })] })
      expect((await rowOf(store)).sensitive).toBe(false)
    })

    it('keeps a flag that is published under a number superseded before', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishAs(store, trust, { patients: [patient(1, { supersedes: [numberOf(0)] })] })
      await publishAs(store, stranger, { patients: [patient(0, { sensitive: true })] })
      expect((await rowOf(store)).sensitive).toBe(true)
    })

    it('does not empty demographics because another publisher’s record says less, nor undo a death', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishAs(store, trust, {
        patients: [patient(0, { fields: { deceased: true, deceasedAt: '2026-01-02', version: 1 } })],
      })
      const before = (await rowOf(store)).demographics
      const unsaid = { name: null, birthDate: null, gender: null, address: null, telecom: [], gpPractice: null }
      await publishAs(store, stranger, {
        patients: [patient(0, { fields: { ...unsaid, version: 99, lastUpdated: '2030-01-01T00:00:00Z' } })],
      })
      expect((await rowOf(store)).demographics).toEqual(before)
      const stub = { ...unsaid, name: { full: 'STUB', family: 'STUB', given: [], prefix: [] }, birthDate: '1980-02-03' }
      await publishAs(store, stranger, {
        patients: [patient(0, { fields: { ...stub, version: 100, lastUpdated: '2030-01-02T00:00:00Z' } })],
      })
      expect((await rowOf(store)).demographics).toEqual(before)
    })

    it('takes the whole record updated last as a patient’s demographics, and fills its gaps from the other', async () => {
      await using made = await makeStore()
      const { store } = made
      const address = { lines: ['2 New Street'], city: 'Chorley', postcode: 'PR7 1AA' }
      await publishAs(store, trust, { patients: [patient(0, { fields: { lastUpdated: '2026-01-01T00:00:00Z' } })] })
      await publishAs(store, stranger, {
        patients: [patient(0, { fields: { address, telecom: [], lastUpdated: '2026-02-01T00:00:00Z' } })],
      })
      expect((await rowOf(store)).demographics).toMatchObject({
        address,
        telecom: [{ value: '01632 960999' }],
        lastUpdated: '2026-02-01T00:00:00Z',
      })
    })

    it('has every birth date that is stated, and lets a death close the record on the practice’s word or two publishers’', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishAs(store, trust, { patients: [patient(0, { fields: { birthDate: '2012-02-03' } })] })
      expect(await rowOf(store)).toMatchObject({ statedBirthDates: [], deathStands: true })
      const dead = { deceased: true, deceasedAt: '2020-01-01' }
      await publishAs(store, stranger, {
        patients: [patient(0, { fields: { birthDate: '1980-01-01', lastUpdated: '2030-01-01T00:00:00Z', ...dead } })],
      })
      expect((await rowOf(store)).statedBirthDates.toSorted()).toEqual(['1980-01-01', '2012-02-03'])
      expect(await rowOf(store)).toMatchObject({ deathStands: false, demographics: { deceased: true } })
      await publishAs(store, publisher('P81001'), { patients: [patient(0, { fields: dead })] })
      expect(await rowOf(store)).toMatchObject({ deathStands: true })
    })

    it.each([
      ['an item', { items: [problem('theirs')] }],
      ['an opt-out', { optOuts: [optOut('o')] }],
      ['a referral', { referrals: [referral('r')] }],
    ])(
      'does not let a death close a record on a stranger’s word where another published %s and no Patient, before or after',
      async (_, theirs) => {
        const death = { patients: [patient(0, { fields: { deceased: true, deceasedAt: '2020-01-01' } })] }
        for (const isFirst of [true, false]) {
          await using made = await makeStore()
          const { store } = made
          if (isFirst) await publishAs(store, trust, theirs)
          await publishAs(store, stranger, death)
          if (!isFirst) expect(await rowOf(store)).toMatchObject({ deathStands: true })
          if (!isFirst) await publishAs(store, trust, theirs)
          expect(await rowOf(store)).toMatchObject({ deathStands: false, demographics: { deceased: true } })
          await publishAs(store, office, death)
          expect(await rowOf(store)).toMatchObject({ deathStands: true })
        }
      },
    )

    it('keeps back the items of a publisher that has not verified the number where another has, and its demographics', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishAs(store, trust, {
        patients: [patient(0, { verification: '02' })],
        items: [problem('not verified', { entry: 1 })],
      })
      expect((await rowOf(store)).verification).toBe('02')
      const other = { name: { full: 'Another', family: 'Another', given: [], prefix: [] } }
      await publishAs(store, stranger, {
        patients: [patient(0, { fields: other })],
        items: [item('problems', 'q', { entry: 1, fields: { significance: 'verified' } })],
      })
      expect(await rowOf(store)).toMatchObject({ verification: '01', demographics: { name: { full: 'Another' } } })
      expect(await significances(store)).toEqual(['verified'])
      await publishAs(store, trust, { patients: [patient(0, { verification: '01' })] })
      expect(await significances(store)).toEqual(['not verified', 'verified'])
    })

    it('holds an opt-out in force though a stranger withdraws one of the same identifier', async () => {
      await using made = await makeStore()
      const { store } = made
      const inForce = async () => (await rowOf(store)).optOuts
      await publishAs(store, trust, {
        optOuts: [optOut('o', { organisation: council, lastUpdated: '2026-01-01T00:00:00Z' })],
      })
      const withdrawn = optOut('o', { organisation: council, active: false, lastUpdated: '2026-02-01T00:00:00Z' })
      await publishAs(store, stranger, { optOuts: [withdrawn] })
      expect(await inForce()).toEqual([{ organisation: council }])
      expect(await publishAs(store, successor, { optOuts: [withdrawn] })).toEqual({ 0: 'updated' })
      expect(await inForce()).toEqual([])
    })

    it('does not end a referral because a stranger revokes one of the same identifier', async () => {
      await using made = await makeStore()
      const { store } = made
      const referrals = async () => {
        const key = (await keyOf(store, numberOf(0))) ?? -1
        return (await store.readViewerFacts([key], { organisation: 'REM', person: '1', nowMs: 0 })).get(key)?.referrals
      }
      await publishAs(store, trust, { referrals: [referral('r')] })
      await publishAs(store, stranger, { referrals: [referral('r', { active: false })] })
      expect(await referrals()).toEqual(['2026-01-01'])
      await publishAs(store, trust, { referrals: [referral('r', { active: false })] })
      expect(await referrals()).toEqual([])
    })
  })

  describe(`${name}: successions of several publishers`, () => {
    const publishSuccession = async (store: RecordStore, by: PublishedBy, changes: Partial<Publication> = {}) => {
      const [outcome] = await store.publish([
        publication({ by, patients: [patient(1, { supersedes: [numberOf(0)] })], ...changes }),
      ])
      return outcome?.status === 'stored'
        ? outcome.warnings.map(({ entry, path, code }) => `${entry} ${path} ${code}`)
        : outcome?.status
    }
    const inForce = async (store: RecordStore) => (await rowOf(store, 0)).nhsNumber

    it('keeps another publisher’s record under its number though a stranger says that it was renumbered, and says so', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishAs(store, trust, { patients: [patient(0)], items: [problem('theirs', { entry: 1 })] })
      expect(await publishSuccession(store, stranger)).toEqual(['0 Patient.link business-rule'])
      expect(await inForce(store)).toBe(numberOf(0))
      expect(await significances(store)).toEqual(['theirs'])
      expect(await readList(store, 'problems', 1)).toEqual([])
    })

    it.each<[string, PublishedBy]>([
      ['its own publisher', trust],
      ['its successor', successor],
      ['the store’s office', office],
      ['the practice that it names', publisher('P81001')],
    ])('moves a record under another number when %s says so', async (_, by) => {
      await using made = await makeStore()
      const { store } = made
      await publishAs(store, trust, { patients: [patient(0)], items: [problem('theirs', { entry: 1 })] })
      expect(await publishSuccession(store, by)).toEqual([])
      expect(await inForce(store)).toBe(numberOf(1))
      expect(await readList(store, 'problems', 1)).toHaveLength(1)
    })

    it('moves it when a second publisher says the same, with the flags and labels of both', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishAs(store, trust, {
        patients: [patient(0, { sensitive: true })],
        items: [problem('sealed', { entry: 1, labels: ['SEALED'] })],
      })
      await publishSuccession(store, stranger, { items: [problem('theirs', { entry: 1, nhsNumber: numberOf(1) })] })
      expect(await publishSuccession(store, trust)).toEqual([])
      expect(await rowOf(store)).toMatchObject({ nhsNumber: numberOf(1), sensitive: true })
      const key = (await keyOf(store, numberOf(0))) ?? -1
      const kinds = new Map(
        ((await store.findReleaseClasses([key])).get(key) ?? []).map(({ id, releaseClass: kind }) => [id, kind.labels]),
      )
      expect((await readList(store, 'problems')).map(({ releaseClass: kind }) => kinds.get(kind))).toEqual([
        ['SEALED'],
        ['SEALED'],
      ])
    })

    it.each(['old', 'replaced'])(
      'keeps apart what another publisher says of a number that a stranger claimed first, %s or not held, and warns it',
      async (claimed) => {
        await using made = await makeStore()
        const { store } = made
        if (claimed === 'replaced')
          await publishAs(store, stranger, { patients: [patient(0, { fields: { name: null } })] })
        expect(await publishSuccession(store, stranger)).toEqual([])
        const theirs = publication({ by: trust, patients: [patient(0)], items: [problem('theirs', { entry: 1 })] })
        const [outcome] = await store.publish([theirs])
        expect(outcome).toMatchObject({
          status: 'stored',
          entries: new Map([0, 1].map((entry) => [entry, 'created'])),
          warnings: [{ entry: 0, code: 'business-rule' }],
        })
        expect(await rowOf(store)).toMatchObject({
          nhsNumber: numberOf(0),
          demographics: { name: { full: 'Patient 0' } },
        })
        expect(
          [await readList(store, 'problems'), await readList(store, 'problems', 1)].map(({ length }) => length),
        ).toEqual([1, 0])
        expect(await publishSuccession(store, stranger)).toEqual(['0 Patient.link business-rule'])
        expect(await publishSuccession(store, trust)).toEqual([])
        expect([await inForce(store), (await readList(store, 'problems', 1)).length]).toEqual([numberOf(1), 1])
      },
    )

    it.each<[string, PublishedBy]>([
      ['the store’s office', office],
      ['the practice that its publisher names', publisher('P81001')],
    ])('lays a number’s later record under its successor when %s said so first', async (_, by) => {
      await using made = await makeStore()
      const { store } = made
      expect(await publishSuccession(store, by)).toEqual([])
      const [outcome] = await store.publish([
        publication({ by: trust, patients: [patient(0)], items: [problem('theirs', { entry: 1 })] }),
      ])
      expect(outcome).toMatchObject({ warnings: [] })
      expect([await inForce(store), (await readList(store, 'problems', 1)).length]).toEqual([numberOf(1), 1])
    })

    it('holds what contradicts another publisher’s succession, and refuses a publisher’s own contradiction', async () => {
      await using made = await makeStore()
      const { store } = made
      expect(await publishSuccession(store, trust)).toEqual([])
      const other = { patients: [patient(2, { supersedes: [numberOf(0)] })] }
      expect(await publishSuccession(store, stranger, other)).toEqual(['0 Patient.link business-rule'])
      expect(await publishSuccession(store, trust, other)).toBe('refused')
      expect(await inForce(store)).toBe(numberOf(1))
    })
  })

  describe(`${name}: the publishing trail`, () => {
    const found = async (store: RecordStore, query: Partial<Parameters<RecordStore['findPublications']>[0]> = {}) =>
      (await store.findPublications({ limit: 9, ...query })).map(
        ({ publisher: by, via, person, requestId, counts }: PublicationRecord) => [by, via, person, requestId, counts],
      )

    it('has who published, how, as whom and under which request, newest first, for a patient what earlier versions came by too', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishAs(store, trust, { patients: [patient(0)], items: [problem('first', { entry: 1, version: 1 })] })
      await publishAs(store, office, { items: [problem('corrected', { version: 2 })] })
      await publishAs(store, stranger, { items: [item('problems', 'q', { nhsNumber: numberOf(1) })] })
      const rows = [
        ['RBL', 'http', '555000000017', 'request-of-RBL', { created: 1 }],
        ['QYG', 'import', '555000000017', 'request-of-QYG', { updated: 1 }],
        ['REM', 'http', '555000000017', 'request-of-REM', { created: 2 }],
      ]
      expect(await found(store)).toEqual(rows)
      expect(await found(store, { nhsNumber: numberOf(0) })).toEqual(rows.slice(1))
      expect(await found(store, { nhsNumber: numberOf(5) })).toEqual([])
      expect(await found(store, { publisher: 'RBL' })).toEqual(rows.slice(0, 1))
      expect(await found(store, { requestId: 'request-of-REM' })).toEqual(rows.slice(2))
      expect(await found(store, { limit: 1 })).toEqual(rows.slice(0, 1))
      const [{ receivedAt = '' } = {}] = await store.findPublications({ limit: 1 })
      expect(await found(store, { since: receivedAt })).toContainEqual(rows[0])
      expect(await found(store, { since: '9999-01-01T00:00:00.000Z' })).toEqual([])
    })

    it('has no row of what was refused', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishAs(store, trust, { items: [problem('theirs')] })
      await store.publish([publication({ by: trust, items: [problem('theirs', { nhsNumber: numberOf(1) })] })])
      expect(await found(store)).toHaveLength(1)
    })
  })
}
