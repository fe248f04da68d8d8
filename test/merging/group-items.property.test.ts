import fc from 'fast-check'
import { expect, test } from 'vitest'
import { groupItems, type RegionalItem } from '../../gateway/patient-view/group-items.ts'

const item = fc.record({
  // Many begin alike, some are the same.
  id: fc.constantFrom('', 'a', 'abc', 'abcd', 'abcde', 'abcdf', 'abcd1', 'bbcd1', 'abce1', 'é', '医abc', 'abc\u0080'),
  orderedAt: fc.constantFrom(null, '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'),
  version: fc.constantFrom(null, 1, 2),
  lastUpdated: fc.constantFrom(null, '2026-01-03T00:00:00.000Z'),
})
const regions = fc.array(
  fc.array(item).map((items) => items as unknown as readonly RegionalItem[]),
  { maxLength: 4 },
)

test('items with one id form one group with all their sources, and other items do not', () => {
  fc.assert(
    fc.property(regions, (lists) => {
      const asked = lists.map((items, index) => ({ region: `R${index}`, items, retractions: [] }))
      const groups = groupItems(asked)
      expect(groups.map(({ id }) => id).sort()).toEqual([...new Set(lists.flat().map(({ id }) => id))].sort())
      for (const { id, sources, newest } of groups) {
        expect(sources[0]).toBe(newest)
        expect(new Set(sources.map(({ item }) => item))).toEqual(new Set(lists.flat().filter((one) => one.id === id)))
      }
    }),
  )
})
