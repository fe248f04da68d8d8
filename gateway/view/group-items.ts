import type * as Region from '../../schema/generated/region.ts'
import { compareTimelinePositions, type TimelinePosition } from '../../schema/timeline-position.ts'
import { newestFirst } from './newest-first.ts'

/** An item as a region served it: what all items carry, and what its section adds. */
export type RegionalItem = Region.Entry & Readonly<Record<string, unknown>>

/** One region's items of a section, and what it has retracted. */
export interface RegionalItems {
  readonly region: string
  readonly items: readonly RegionalItem[]
  readonly retractions: readonly Region.Retraction[]
}

export interface ItemSource {
  readonly region: string
  readonly item: RegionalItem
}

/** One item with all its sources: the newest, which is shown, and the others from newest to oldest. */
export interface ItemGroup {
  readonly newest: ItemSource
  readonly sources: readonly ItemSource[]
}

/** Brings the regions' items together, one group for each id, which only a shared business identifier makes equal; newest first (product.md rules 4 and 6). */
export function groupItems(regions: readonly RegionalItems[]): readonly ItemGroup[] {
  const sources = regions.flatMap(({ region, items }) => items.map((item) => ({ region, item })))
  const groups = [...Map.groupBy(sources, ({ item }) => item.id).values()].flatMap((group): readonly ItemGroup[] => {
    const sorted = newestFirst(group)
    const [newest] = sorted
    return newest ? [{ newest, sources: sorted }] : []
  })
  return groups.sort((a, b) => compareTimelinePositions(positionOf(a.newest.item), positionOf(b.newest.item)))
}

/** Where an item stands in the order of its section. */
export function positionOf({ orderedAt, id }: Region.Entry): TimelinePosition {
  return { orderedAtMs: orderedAt === null ? null : Date.parse(orderedAt), id }
}
