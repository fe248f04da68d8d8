import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groupItems, type RegionalItem, type RegionalItems } from '../../gateway/patient-view/group-items.ts'
import { type MergedItem, mergeItems } from '../../gateway/patient-view/merge-items.ts'
import { resultItem, toResultId, toRetraction } from '../support/patient-view/region-items.ts'

const section = 'results'
const codes = ['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA', 'WALES']

// Few names, instants and codes, so that the same, the alike and the tied come up in every run.
const words = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd', null),
  at: fc.constantFrom(null, -1000, 0, 1000, 1_700_000_000_000),
  version: fc.constantFrom(null, 1, 2, 3),
  lastUpdated: fc.constantFrom(
    null,
    '1960-01-01T00:00:00Z',
    '2026-01-01T00:00:00Z',
    '2026-01-01T01:00:00+01:00',
    '2026-01-02T00:00:00Z',
  ),
  code: fc.constantFrom('c1', 'c2'),
  value: fc.constantFrom('v1', 'v2'),
})
const retraction = fc
  .tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.constantFrom(null, 0, 1000))
  .map(([name, at]) => toRetraction(section, name, at))

/** What up to three regions hold; a region holds an item once. */
const regions: fc.Arbitrary<readonly RegionalItems[]> = fc
  .array(fc.tuple(fc.array(words, { maxLength: 8 }), fc.array(retraction, { maxLength: 3 })), { maxLength: 3 })
  .map((held) =>
    held.map(([items, retractions], index) => {
      const region = codes[index] ?? ''
      const made = items.map((one, serial) => resultItem({ kind: section, region, serial, ...one }))
      return {
        region,
        retractions,
        items: made.filter((item, place) => made.findIndex(({ id }) => id === item.id) === place),
      }
    }),
  )

function merge(held: readonly RegionalItems[]): readonly MergedItem[] {
  return mergeItems(groupItems(held), {
    section,
    regions: held,
    context: { purpose: 'DIRECT_CARE', relationship: null, reason: null, supervisor: null },
    askedNhsNumber: '9990000018',
    fields: null,
    redaction: null,
  })
}

/** Runs a check on the merged items of any regions, beside what the regions hold of each. */
function forAll(check: (merged: readonly MergedItem[], held: readonly RegionalItems[]) => void): void {
  fc.assert(
    fc.property(regions, (held) => check(merge(held), held)),
    { numRuns: 500 },
  )
}

function holdersOf(
  id: string,
  held: readonly RegionalItems[],
): readonly { readonly region: string; readonly item: RegionalItem }[] {
  return held.flatMap(({ region, items }) => items.filter((item) => item.id === id).map((item) => ({ region, item })))
}

/** Whether one source is newer: by version where all bear one, then by last update, then by region code. */
function isNewer(
  a: { region: string; item: RegionalItem },
  b: { region: string; item: RegionalItem },
  allNumbered: boolean,
): boolean {
  if (allNumbered && a.item.version !== b.item.version) return Number(a.item.version) > Number(b.item.version)
  if (a.item.lastUpdated === null || b.item.lastUpdated === null) {
    if (a.item.lastUpdated !== b.item.lastUpdated) return b.item.lastUpdated === null
  } else if (Date.parse(a.item.lastUpdated) !== Date.parse(b.item.lastUpdated)) {
    return Date.parse(a.item.lastUpdated) > Date.parse(b.item.lastUpdated)
  }
  return a.region < b.region
}

describe('merging the items of several regions', () => {
  test('a merge shows each item once, with every region that holds it, and loses or invents none', () => {
    forAll((merged, held) => {
      expect(new Set(merged.map(({ id }) => id)).size).toBe(merged.length)
      expect(new Set(merged.map(({ id }) => id))).toEqual(
        new Set(held.flatMap(({ items }) => items.map(({ id }) => id))),
      )
      for (const { id, sources } of merged)
        expect(sources.map(({ region }) => region).sort()).toEqual(holdersOf(id, held).map(({ region }) => region))
    })
  })

  test('a merged item shows its newest source whole and names it first', () => {
    forAll((_all, held) => {
      // Whichever region is listed first.
      for (const {
        sources,
        possibleDuplicates: _,
        conflicts: __,
        retractedElsewhere: ___,
        context: ____,
        askedNhsNumber: _____,
        ...shown
      } of [...merge(held), ...merge(held.toReversed())]) {
        const holders = holdersOf(shown.id, held)
        const allNumbered = holders.every(({ item }) => item.version !== null)
        const newest = holders.find((one) =>
          holders.every((other) => other === one || isNewer(one, other, allNumbered)),
        )
        expect(shown).toEqual(newest?.item)
        expect(sources[0]).toEqual({
          region: newest?.region,
          organisation: newest?.item.organisation,
          identifier: newest?.item.identifier,
          recordedAt: newest?.item.recordedAt,
        })
      }
    })
  })

  test('a merge orders items newest first, ties by id, undated last, in whatever order the regions come', () => {
    forAll((merged, held) => {
      merged.slice(1).forEach((item, index) => {
        const before = merged[index]
        if (!before) return
        if (item.orderedAt !== null)
          expect(Date.parse(before.orderedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(item.orderedAt))
        if (before.orderedAt === item.orderedAt) expect(before.id < item.id).toBe(true)
      })
      expect(merge(held.toReversed()).map(({ id }) => id)).toEqual(merged.map(({ id }) => id))
    })
  })

  test('an item names as possible duplicates the items of the same answer that share code, instant and value, or the identifier', () => {
    forAll((merged) => {
      const isAlike = (a: MergedItem, b: MergedItem) =>
        (a.effective !== null &&
          a.effective === b.effective &&
          a.value === b.value &&
          JSON.stringify(a.code) === JSON.stringify(b.code)) ||
        (a.identifier !== null && a.identifier.value === b.identifier?.value)
      for (const item of merged) {
        const alike = merged.filter((other) => other.id !== item.id && isAlike(item, other)).map(({ id }) => id)
        expect(item.possibleDuplicates).toEqual(alike.sort())
        for (const other of merged)
          expect(item.possibleDuplicates.includes(other.id)).toBe(other.possibleDuplicates.includes(item.id))
      }
    })
  })

  test("an item shows a conflict for each clinical field in which its sources differ, with every source's value", () => {
    forAll((merged, held) => {
      for (const { id, sources, conflicts } of merged) {
        const inOrder = sources.map(
          (source) => holdersOf(id, held).find(({ region }) => region === source.region)?.item,
        )
        const differing = ['code', 'value'].filter(
          (field) => new Set(inOrder.map((item) => JSON.stringify(item?.[field]))).size > 1,
        )
        const inWords = (item: RegionalItem | undefined, field: string) =>
          field === 'value' ? item?.value : (item?.code as { text: string } | undefined)?.text
        expect(conflicts).toEqual(
          differing.map((field) => ({
            field,
            values: sources.map(({ region }, index) => ({ region, value: inWords(inOrder[index], field) })),
          })),
        )
      }
    })
  })

  test('an item says what another region retracts of it, and no other item says so', () => {
    forAll((merged, held) => {
      for (const { id, identifier, sources, retractedElsewhere } of merged) {
        const shownFrom = sources[0]?.region
        const says = ({ region, items, retractions }: RegionalItems) => {
          const isHeld = items.some((item) => item.id === id)
          return (
            region !== shownFrom &&
            retractions.some(
              (one) =>
                one.id === id ||
                (!isHeld && identifier !== null && one.identity === toResultId(section, identifier.value)),
            )
          )
        }
        expect(retractedElsewhere?.region ?? null).toBe(held.find(says)?.region ?? null)
        if (retractedElsewhere)
          expect(retractedElsewhere).toMatchObject({
            identifier,
            organisation: { odsCode: 'RBN' },
            recordedAt: '2026-02-02T00:00:00.000Z',
          })
      }
    })
  })

  test('a retraction applies to items of its own kind only', () => {
    const item = resultItem({ kind: section, region: 'WALES', name: 'a', at: 0 })
    const held = [
      { region: 'WALES', items: [item], retractions: [] },
      { region: 'CHESHIRE_MERSEYSIDE', items: [], retractions: [toRetraction('documents', 'a', 0)] },
    ]
    expect(merge(held)[0]?.retractedElsewhere).toBeNull()
  })
})
