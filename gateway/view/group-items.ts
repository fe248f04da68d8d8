import type * as Region from '../../schema/generated/region.ts'
import { compareTimelinePositions, type TimelinePosition } from '../../schema/timeline-position.ts'
import { orderedAtMsOf } from '../regions/reply-item.ts'
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
  // Ids are random from their beginning: few begin alike. To find whole strings, V8 would put each into its table of all strings first.
  const byBeginning = new Map<number, ItemSource[]>()
  for (const { region, items } of regions) {
    for (const item of items) {
      const beginning = toBeginning(item.id)
      const alike = byBeginning.get(beginning)
      if (alike) alike.push({ region, item })
      else byBeginning.set(beginning, [{ region, item }])
    }
  }
  const groups: ItemGroup[] = []
  for (const alike of byBeginning.values()) {
    if (alike.length === 1) groups.push(toGroup(alike))
    else for (const found of Map.groupBy(alike, ({ item }) => item.id).values()) groups.push(toGroup(found))
  }
  return groups.sort(compareTimelinePositions)
}

/** The first four characters as one number. */
function toBeginning(id: string): number {
  return id.charCodeAt(0) | (id.charCodeAt(1) << 7) | (id.charCodeAt(2) << 14) | (id.charCodeAt(3) << 21)
}

function toGroup(found: readonly ItemSource[]): ItemGroup {
  const sources = found.length > 1 ? newestFirst(found) : found
  const newest = sources[0] as ItemSource
  return { ...positionOf(newest.item), newest, sources }
}

/** Where an item stands in the order of its section. What is no instant is no place in the order: such an item is shown last, as one without a date. */
export function positionOf(item: Region.Entry): TimelinePosition {
  const orderedAtMs = orderedAtMsOf(item)
  return { orderedAtMs: Number.isNaN(orderedAtMs) ? null : orderedAtMs, id: item.id }
}
