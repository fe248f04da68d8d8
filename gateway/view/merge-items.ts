import type { Conflict, Source } from '../../schema/generated/patient-view.ts'
import type * as Region from '../../schema/generated/region.ts'
import { compareTimelinePositions, type TimelinePosition } from '../../schema/timeline-position.ts'
import { findConflicts } from './conflicts.ts'
import { newestFirst } from './newest-first.ts'
import { findLookAlikes } from './sameness.ts'

/** An item as a region served it: what all items carry, and what its section adds. */
export type RegionalItem = Region.Entry & Readonly<Record<string, unknown>>

/** One region's items of a section, and what it has retracted. */
export interface RegionalItems {
  readonly region: string
  readonly items: readonly RegionalItem[]
  readonly retractions: readonly Region.Retraction[]
}

/** One item of the view: its newest source whole, and every source named. */
export type MergedItem = RegionalItem & {
  readonly sources: readonly Source[]
  readonly possibleDuplicates: readonly string[]
  readonly conflicts: readonly Conflict[]
  readonly retractedElsewhere: Source | null
}

/**
 * Brings the regions' items of one section together, newest first: one for each id, which only a shared business identifier makes
 * equal (product.md rules 4 to 6). Nothing is dropped, nothing invented.
 */
export function mergeItems(section: string, regions: readonly RegionalItems[]): readonly MergedItem[] {
  const groups = new Map<string, { readonly region: string; readonly item: RegionalItem }[]>()
  for (const { region, items } of regions) {
    for (const item of items) {
      const group = groups.get(item.id)
      if (group) group.push({ region, item })
      else groups.set(item.id, [{ region, item }])
    }
  }
  const newest = [...groups.values()].map(newestFirst)
  const shown = newest.flatMap(([first]) => (first ? [first.item] : []))
  const lookAlikes = findLookAlikes(section, shown)
  const merged = newest.flatMap((group) => {
    const [first] = group
    if (!first) return []
    const holders = new Set(group.map(({ region }) => region))
    return [
      {
        ...first.item,
        sources: group.map(({ region, item }) => ({ region, organisation: item.organisation, identifier: item.identifier, recordedAt: item.recordedAt })),
        possibleDuplicates: lookAlikes.get(first.item.id) ?? [],
        conflicts: findConflicts(group),
        retractedElsewhere: findRetraction(first.item, holders, regions),
      },
    ]
  })
  return merged.sort((a, b) => compareTimelinePositions(positionOf(a), positionOf(b)))
}

/** Where an item stands in the order of its section. */
export function positionOf(item: Region.Entry): TimelinePosition {
  return { orderedAtMs: item.orderedAt === null ? null : Date.parse(item.orderedAt), id: item.id }
}

function findRetraction(item: RegionalItem, holders: ReadonlySet<string>, regions: readonly RegionalItems[]): Source | null {
  for (const { region, retractions } of regions) {
    if (holders.has(region)) continue
    const found = retractions.find(
      ({ id, identifier }) => id === item.id || (identifier !== null && identifier.system === item.identifier?.system && identifier.value === item.identifier.value),
    )
    if (found) return { region, organisation: found.organisation, identifier: found.identifier, recordedAt: found.at }
  }
  return null
}
