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

/** One item in its place, with all its sources: the newest, which is shown, and the others from newest to oldest. */
export interface ItemGroup extends TimelinePosition {
  readonly newest: ItemSource
  readonly sources: readonly ItemSource[]
}

/** Brings the regions' items together, one group for each id, which only a shared business identifier makes equal; newest first (product.md rules 4 and 6). */
export function groupItems(regions: readonly RegionalItems[]): readonly ItemGroup[] {
  const byId = new Map<string, ItemSource[]>()
  for (const { region, items } of regions) {
    for (const item of items) {
      // Read once: each reading cuts it out of the reply's text.
      const { id } = item
      const sources = byId.get(id)
      if (sources) sources.push({ region, item })
      else byId.set(id, [{ region, item }])
    }
  }
  return Array.from(byId, toGroup).sort(compareTimelinePositions)
}

function toGroup([id, found]: readonly [string, readonly ItemSource[]]): ItemGroup {
  const sources = found.length > 1 ? newestFirst(found) : found
  const newest = sources[0] as ItemSource
  return { orderedAtMs: toOrderMs(newest.item), id, newest, sources }
}

/** Where an item stands in the order of its section. */
export function positionOf(item: Region.Entry): TimelinePosition {
  return { orderedAtMs: toOrderMs(item), id: item.id }
}

/** What is no instant is no place in the order: such an item is shown last, as one without a date. */
function toOrderMs({ orderedAt }: Region.Entry): number | null {
  const orderMs = orderedAt === null ? Number.NaN : Date.parse(orderedAt)
  return Number.isNaN(orderMs) ? null : orderMs
}
