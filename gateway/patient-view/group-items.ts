import type * as Region from '../../schema/generated/region.ts'
import { compareTimelinePositions, type TimelinePosition } from '../../schema/timeline-position.ts'
import { readOrderedAtMs } from '../regions/reply-item.ts'
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
  const byPrefix = new Map<number, ItemSource[]>()
  for (const { region, items } of regions) {
    for (const item of items) {
      const beginning = toPrefixNumber(item.id)
      const alike = byPrefix.get(beginning)
      if (alike) alike.push({ region, item })
      else byPrefix.set(beginning, [{ region, item }])
    }
  }
  const groups: ItemGroup[] = []
  for (const alike of byPrefix.values()) {
    if (alike.length === 1) groups.push(toGroup(alike))
    else for (const found of Map.groupBy(alike, ({ item }) => item.id).values()) groups.push(toGroup(found))
  }
  return groups.sort(compareTimelinePositions)
}

/** The first four characters as one number. */
function toPrefixNumber(id: string): number {
  return id.charCodeAt(0) | (id.charCodeAt(1) << 7) | (id.charCodeAt(2) << 14) | (id.charCodeAt(3) << 21)
}

function toGroup(found: readonly ItemSource[]): ItemGroup {
  const sources = found.length > 1 ? sortNewestFirst(found) : found
  const newest = sources[0] as ItemSource
  return { ...toPosition(newest.item), newest, sources }
}

/** Where an item stands in the order of its section. What is no instant is no place in the order: such an item is shown last, as one without a date. */
export function toPosition(item: Region.Entry): TimelinePosition {
  const orderedAtMs = readOrderedAtMs(item)
  return { orderedAtMs: Number.isNaN(orderedAtMs) ? null : orderedAtMs, id: item.id }
}

/** One region's source of a thing that several may hold. */
export interface VersionedSource {
  readonly region: string
  readonly item: { readonly version: number | null; readonly lastUpdated: string | null }
}

/** The sources with the newest first: by version where all bear one, then by last update (none is oldest), then by region code. */
export function sortNewestFirst<S extends VersionedSource>(sources: readonly S[]): readonly S[] {
  const byVersion = sources.every(({ item }) => item.version !== null)
  const versionOf = ({ item }: S) => (byVersion ? (item.version ?? 0) : 0)
  const updatedOf = ({ item }: S) =>
    item.lastUpdated === null ? Number.NEGATIVE_INFINITY : Date.parse(item.lastUpdated)
  // Two without a last update differ by NaN, which counts as no difference.
  return sources.toSorted(
    (a, b) => versionOf(b) - versionOf(a) || updatedOf(b) - updatedOf(a) || (a.region < b.region ? -1 : 1),
  )
}
