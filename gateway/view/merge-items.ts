import type { AccessContext } from '../../schema/assertion.ts'
import type { Conflict, Source } from '../../schema/generated/patient-view.ts'
import { toItemId } from '../../schema/item-id.ts'
import { findConflicts } from './conflicts.ts'
import type { ItemGroup, RegionalItem, RegionalItems } from './group-items.ts'
import type { LocationProtection } from './location-protection.ts'
import { findLookAlikes } from './sameness.ts'

/** One item of the view: its newest source whole, and every source named. */
export type MergedItem = RegionalItem & {
  /** Why it was asked for. */
  readonly context: AccessContext
  readonly sources: readonly Source[]
  readonly possibleDuplicates: readonly string[]
  readonly conflicts: readonly Conflict[]
  readonly retractedElsewhere: Source | null
}

export interface MergeItemsOptions {
  /** Field of Patient. */
  readonly section: string
  readonly regions: readonly RegionalItems[]
  /** Why the items were asked for. */
  readonly context: AccessContext
  /** Whether items that look the same are told. */
  readonly compared: boolean
  /** Takes places out of what is shown. What is the same, and what looks it, is found before, for places are part of what tells items apart. */
  readonly protect: LocationProtection
}

/** The items of one answer as they are shown, out of the groups that are shown (product.md rules 4 and 5). Nothing is dropped, nothing invented. */
export function mergeItems(groups: readonly ItemGroup[], { section, regions, context, compared, protect }: MergeItemsOptions): readonly MergedItem[] {
  const lookAlikes = compared
    ? findLookAlikes(
        section,
        groups.map(({ newest }) => newest.item),
      )
    : null
  return groups.map((group) =>
    protect({
      ...group.newest.item,
      context,
      sources: group.sources.map(({ region, item: { organisation, identifier, recordedAt } }) => ({ region, organisation, identifier, recordedAt })),
      possibleDuplicates: lookAlikes?.get(group.newest.item.id) ?? [],
      retractedElsewhere: findRetraction(section, group, regions),
      conflicts: group.sources.length > 1 ? findConflicts(group.sources.map(({ region, item }) => ({ region, item: protect(item) }))) : [],
    }),
  )
}

/**
 * Another region's word that the item is not current. A region that holds it too may have had it at another instant, which it lists as
 * retracted: then only this very id counts. One that does not may have it at an instant, or none, that we cannot know.
 */
function findRetraction(section: string, { newest, sources }: ItemGroup, regions: readonly RegionalItems[]): Source | null {
  if (regions.every(({ region, retractions }) => region === newest.region || retractions.length === 0)) return null
  const { id, identifier } = newest.item
  const identity = identifier ? toItemId({ kind: section, system: identifier.system, value: identifier.value }) : null
  for (const { region, retractions } of regions) {
    if (region === newest.region) continue
    const isHolder = sources.some((source) => source.region === region)
    const found = retractions.find((one) => one.id === id || (!isHolder && one.identity === identity))
    if (found) return { region, organisation: found.organisation, identifier: found.identifier, recordedAt: found.at }
  }
  return null
}
