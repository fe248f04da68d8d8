import type { SectionField } from '../../schema/sections.ts'
import type { DuplicateRule } from './duplicate-rules.ts'
import type { RegionalItem } from './group-items.ts'
import { sectionTable } from './section-table.ts'

/** Returns, for each item, the ids of its possible duplicates; items without any are absent. */
export function findPossibleDuplicates(
  section: SectionField,
  items: readonly RegionalItem[],
): ReadonlyMap<string, readonly string[]> {
  // The reply was validated against the region's SDL, so its items have the type that the section's rule reads.
  const { keys, isDuplicate } = sectionTable[section].duplicates as unknown as DuplicateRule<RegionalItem>
  const found = new Map<string, Set<string>>()
  const link = (a: RegionalItem, b: RegionalItem) => found.set(a.id, (found.get(a.id) ?? new Set()).add(b.id))
  for (const [a, b] of findPairs(items, keys)) if (!isDuplicate || isDuplicate(a, b)) link(a, b)
  // One business identifier at two instants makes two items on a timeline, which are certainly alike.
  for (const [a, b] of findPairs(items, ({ identifier }) =>
    identifier ? [`${identifier.system}|${identifier.value}`] : [],
  ))
    link(a, b)
  return new Map([...found].map(([id, others]) => [id, [...others].sort()]))
}

/** Yields every two items that share a key, in both orders. */
function* findPairs(
  items: readonly RegionalItem[],
  keys: (item: RegionalItem) => readonly string[],
): Iterable<readonly [RegionalItem, RegionalItem]> {
  const buckets = new Map<string, RegionalItem[]>()
  for (const item of items) {
    for (const key of keys(item)) {
      const bucket = buckets.get(key)
      if (!bucket) buckets.set(key, [item])
      else if (bucket.at(-1) !== item) bucket.push(item)
    }
  }
  for (const bucket of buckets.values())
    if (bucket.length > 1) for (const a of bucket) for (const b of bucket) if (a !== b) yield [a, b]
}
