import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { grant } from '../support/store/consent-records.ts'
import { identifier, item, numberOf, publication } from '../support/store/publications.ts'
import type { MakeStore } from './record-store-contract.ts'

/** What every RecordStore says of itself. */
export function describeFigures(name: string, makeStore: MakeStore): void {
  describe(`${name}: figures`, () => {
    it('an empty store has none, and takes some bytes', async () => {
      await using made = await makeStore()
      const { bytes, ...others } = await made.store.readFigures(0)
      expect(others).toEqual({
        sequence: 0,
        documents: 0,
        reviews: [
          { office: 'VIEWERS_ORGANISATION', open: 0, overdue: 0 },
          { office: 'REGION', open: 0, overdue: 0 },
        ],
      })
      expect(bytes).toBeGreaterThan(0)
    })

    it('counts each document once, whatever is published, published again, replaced, retracted or refused', async () => {
      const published = fc.record({
        document: fc.nat(5),
        // Of another patient: the publication is refused.
        patient: fc.nat(9).map((n) => (n === 0 ? 1 : 0)),
        version: fc.nat(9),
        orderedAtMs: fc.constantFrom(null, 1, 2),
        lifecycle: fc.constantFrom('current' as const, 'retracted' as const),
        replaces: fc.option(fc.nat(5)),
        section: fc.constantFrom('documents' as const, 'results' as const),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(published, { maxLength: 4 }), { maxLength: 12 }), async (history) => {
          await using made = await makeStore()
          const held = new Set<number>()
          for (const publications of history) {
            const items = publications.map(
              ({ document, patient, version, orderedAtMs, lifecycle, replaces, section }, entry) => ({
                ...item(section, `${section}${document}`, {
                  nhsNumber: numberOf(patient),
                  version,
                  orderedAtMs,
                  lifecycle,
                }),
                entry,
                replaces: replaces === null ? [] : [identifier(`documents${replaces}`)],
              }),
            )
            const [outcome] = await made.store.publish([publication({ items })])
            if (outcome?.status === 'stored')
              for (const { section, document } of publications) if (section === 'documents') held.add(document)
          }
          const { documents, sequence } = await made.store.readFigures(0)
          expect(documents).toBe(held.size)
          expect(sequence).toBe(await made.store.sequence())
        }),
        { numRuns: 30 },
      )
    })

    it('counts open reviews by office, and those of them whose time has passed', async () => {
      await using made = await makeStore()
      const { store } = made
      const [first, second] = [grant(), grant()]
      await store.recordGrant(first, 5_000)
      await store.recordGrant(second, 9_000)
      const reviewsAt = async (nowMs: number) =>
        (await store.readFigures(nowMs)).reviews.map(({ open, overdue }) => [open, overdue])
      expect(await reviewsAt(5_000)).toEqual([
        [2, 0],
        [2, 0],
      ])
      await store.closeReview(first.id, 'REGION', { outcome: 'JUSTIFIED', note: 'seen', reviewer: '1', atMs: 5_500 })
      expect(await reviewsAt(5_001)).toEqual([
        [2, 1],
        [1, 0],
      ])
      expect(await reviewsAt(9_001)).toEqual([
        [2, 2],
        [1, 1],
      ])
    })
  })
}
