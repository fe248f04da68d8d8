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
  const byId = new Map<string, ItemSource[]>()
  for (const { region, items } of regions) {
    for (const item of items) {
      const group = byId.get(item.id)
      if (group) group.push({ region, item })
      else byId.set(item.id, [{ region, item }])
    }
  }
  const placed: { readonly position: TimelinePosition; readonly group: ItemGroup }[] = []
  for (const group of byId.values()) {
    const sources = group.length > 1 ? newestFirst(group) : group
    const [newest] = sources
    if (newest) placed.push({ position: positionOf(newest.item), group: { newest, sources } })
  }
  return placed.sort((a, b) => compareTimelinePositions(a.position, b.position)).map(({ group }) => group)
}

/** Where an item stands in the order of its section. */
export function positionOf({ orderedAt, id }: Region.Entry): TimelinePosition {
  return { orderedAtMs: orderedAt === null ? null : Date.parse(orderedAt), id }
}
