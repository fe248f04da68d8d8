import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OverrideReview, RecordStore, ReviewScope } from '../../subgraphs/store/record-store.ts'
import { grant, permission } from '../support/store/consent-records.ts'
import { numberOf, patient, publication } from '../support/store/publications.ts'
import { publishOne } from '../support/store/store-reads.ts'
import type { MakeStore } from './record-store-contract.ts'

const review = { outcome: 'JUSTIFIED', note: 'Plainly an emergency', reviewer: '555000000099', atMs: 5_000 } as const
const everything = { organisation: 'REM', region: true }

/** Permissions, broken glass and its reviews, as a store keeps them. */
export function describeConsent(name: string, makeStore: MakeStore): void {
  describe(`${name}: changes of consent`, () => {
    const changed = async (store: RecordStore, after: number) =>
      (await store.readChangesAfter(after, 99)).map(({ kind, nhsNumber }) => [kind, nhsNumber])

    it.each<[string, (store: RecordStore, nhsNumber: string) => Promise<void>]>([
      ['a permission', (store, nhsNumber) => store.recordPermission(permission({ nhsNumber }))],
      ['its withdrawal', (store, nhsNumber) => store.withdrawPermission(nhsNumber, 'REM')],
      ['a grant', (store, nhsNumber) => store.recordGrant(grant({ nhsNumber }), 0)],
    ])("tells %s under each of the patient's numbers, and under an unknown number alone", async (_, change) => {
      await using made = await makeStore()
      const { store } = made
      await publishOne(store, publication({ patients: [patient(1, { supersedes: [numberOf(0)] })] }))
      for (const n of [0, 1]) {
        const before = await store.sequence()
        await change(store, numberOf(n))
        expect((await changed(store, before)).sort()).toEqual([0, 1].map((one) => ['consent', numberOf(one)]))
      }
      const before = await store.sequence()
      await change(store, numberOf(2))
      expect(await changed(store, before)).toEqual([['consent', numberOf(2)]])
      expect((await store.findPatients([numberOf(2)])).size).toBe(0)
    })

    it('leaves nothing of a grant whose id is taken', async () => {
      await using made = await makeStore()
      const { store } = made
      await store.recordGrant(grant({ id: 'g' }), 0)
      const sequence = await store.sequence()
      await expect(store.recordGrant(grant({ id: 'g', justification: 'Another word' }), 0)).rejects.toThrow()
      await expect(
        store.recordPermission(permission({ id: 'p' })).then(() => store.recordPermission(permission({ id: 'p' }))),
      ).rejects.toThrow()
      expect((await store.findReviews('g')).map(({ grant: { justification } }) => justification)).toEqual(
        Array(2).fill('Unconscious in A&E'),
      )
      expect(await store.sequence()).toBe(sequence + 1)
    })
  })

  describe(`${name}: reviews of broken glass`, () => {
    it('opens one for each office, and keeps what was found', async () => {
      await using made = await makeStore()
      const { store } = made
      const broken = grant({ id: 'g' })
      await store.recordGrant(broken, 604_800_000)
      const open = {
        grant: broken,
        dueByMs: 604_800_000,
        outcome: null,
        note: null,
        reviewer: null,
        reviewedAtMs: null,
      }
      const sequence = await store.sequence()
      expect(await store.findReviews('g')).toEqual([
        { ...open, office: 'REGION' },
        { ...open, office: 'VIEWERS_ORGANISATION' },
      ])
      expect(await store.closeReview('g', 'REGION', review)).toBe('CLOSED')
      const { atMs: reviewedAtMs, ...found } = review
      expect(await store.findReviews('g')).toEqual([
        { ...open, office: 'REGION', ...found, reviewedAtMs },
        { ...open, office: 'VIEWERS_ORGANISATION' },
      ])
      expect(await store.sequence()).toBe(sequence)
      expect(await store.findReviews('unknown')).toEqual([])
    })

    it('is ended by the first who reviews', async () => {
      await using made = await makeStore()
      const { store } = made
      await store.recordGrant(grant({ id: 'g' }), 0)
      const outcomes = ['JUSTIFIED', 'BREACH'] as const
      expect(
        await Promise.all(outcomes.map((outcome) => store.closeReview('g', 'REGION', { ...review, outcome }))),
      ).toEqual(['CLOSED', 'NOT_OPEN'])
      expect((await store.findReviews('g')).map(({ outcome }) => outcome)).toEqual(['JUSTIFIED', null])
      expect(await store.closeReview('unknown', 'REGION', review)).toBe('NOT_OPEN')
    })

    it('are two people, neither of whom broke the glass, though they ask at once', async () => {
      await using made = await makeStore()
      const { store } = made
      const broken = grant({ id: 'g' })
      await store.recordGrant(broken, 0)
      const close = (office: OverrideReview['office'], reviewer: string) =>
        store.closeReview('g', office, { ...review, reviewer })
      expect([await close('REGION', broken.person), await close('VIEWERS_ORGANISATION', broken.person)]).toEqual([
        'OWN_ACCESS',
        'OWN_ACCESS',
      ])
      expect(await Promise.all([close('REGION', 'one'), close('VIEWERS_ORGANISATION', 'one')])).toEqual([
        'CLOSED',
        'SAME_REVIEWER',
      ])
      expect((await store.findReviews('g')).map(({ reviewer }) => reviewer)).toEqual(['one', null])
      expect(await close('VIEWERS_ORGANISATION', 'two')).toBe('CLOSED')
      expect(await close('VIEWERS_ORGANISATION', 'one')).toBe('NOT_OPEN')
    })

    it("are an organisation's own, and the region's for those who review for it", async () => {
      await using made = await makeStore()
      const { store } = made
      await store.recordGrant(grant({ id: 'here', atMs: 2 }), 0)
      await store.recordGrant(grant({ id: 'there', organisation: 'RBL', atMs: 1 }), 0)
      const open = async (scope: ReviewScope) => {
        const reviews = await store.findOpenReviews(scope, { first: 9, after: null })
        expect(await store.countOpenReviews(scope)).toBe(reviews.length)
        return reviews.map((one) => [one.grant.id, one.office])
      }
      expect(await open({ organisation: 'REM', region: false })).toEqual([['here', 'VIEWERS_ORGANISATION']])
      expect(await open(everything)).toEqual([
        ['here', 'REGION'],
        ['here', 'VIEWERS_ORGANISATION'],
        ['there', 'REGION'],
      ])
      expect(await open({ organisation: 'RXA', region: false })).toEqual([])
      await store.closeReview('here', 'REGION', review)
      expect(await open(everything)).toEqual([
        ['here', 'VIEWERS_ORGANISATION'],
        ['there', 'REGION'],
      ])
    })

    it('are paged newest first, each once, though some are ended and others opened meanwhile', async () => {
      const broken = fc.array(
        fc.record({ atMs: fc.integer({ min: 0, max: 4 }), organisation: fc.constantFrom('REM', 'RBL') }),
        { maxLength: 12 },
      )
      await fc.assert(
        fc.asyncProperty(broken, fc.integer({ min: 1, max: 4 }), fc.boolean(), async (grants, first, region) => {
          await using made = await makeStore()
          const { store } = made
          for (const one of grants) await store.recordGrant(grant(one), 0)
          const scope = { organisation: 'REM', region }
          const all = await store.findOpenReviews(scope, { first: 99, after: null })
          expect(all.map(toKey)).toEqual(all.map(toKey).toSorted(byKey))
          expect(all).toHaveLength(
            grants.filter(({ organisation }) => organisation === 'REM').length + (region ? grants.length : 0),
          )
          const read: OverrideReview[] = []
          for (let after: string | null = null; ; ) {
            const page: Awaited<ReturnType<RecordStore['findOpenReviews']>> = await store.findOpenReviews(scope, {
              first,
              after,
            })
            expect(page.length).toBeLessThanOrEqual(first + 1)
            read.push(...page.slice(0, first))
            if (page.length <= first) break
            after = page[first - 1]?.position ?? null
            await store.closeReview(page[0]?.grant.id ?? '', page[0]?.office ?? 'REGION', {
              ...review,
              reviewer: page[0]?.office ?? '',
            })
            await store.recordGrant(grant({ atMs: 9 }), 0)
          }
          expect(read.map(toKey)).toEqual(all.map(toKey))
        }),
        { numRuns: 30 },
      )
    })

    it('refuses a position that no review bore', async () => {
      await using made = await makeStore()
      await expect(made.store.findOpenReviews(everything, { first: 1, after: "1' OR 1=1" })).rejects.toThrow(RangeError)
    })
  })
}

type Key = readonly [age: number, grant: string, office: string]

function toKey({ grant: { atMs, id }, office }: OverrideReview): Key {
  return [-atMs, id, office]
}

function byKey(a: Key, b: Key): number {
  const difference = a.findIndex((part, index) => part !== b[index])
  return difference < 0 ? 0 : (a[difference] ?? 0) < (b[difference] ?? 0) ? -1 : 1
}
