import type { AccessContext } from '../../schema/assertion.ts'
import type { Conflict, Source } from '../../schema/generated/patient-view.ts'
import { toItemId } from '../../schema/item-id.ts'
import { withoutLocalCodes } from '../../schema/protected-concepts.ts'
import { ReplyItem, toPlainItem } from '../regions/reply-item.ts'
import { findConflicts } from './conflicts.ts'
import type { ItemGroup, ItemSource, RegionalItem, RegionalItems } from './group-items.ts'
import type { LocationProtection } from './location-protection.ts'
import { toldOfItems } from './needed-fields.ts'
import { findLookAlikes, tellsPlaces } from './sameness.ts'

/** One item of the view: its newest source whole, and every source named. */
export type MergedItem = RegionalItem & AddedToItem

/** What the view says of an item beside what its newest source says. */
export interface AddedToItem {
  /** Why it was asked for. */
  readonly context: AccessContext
  /** The number that its patient was asked for by. */
  readonly askedNhsNumber: string
  readonly sources: readonly Source[]
  readonly possibleDuplicates: readonly string[]
  readonly conflicts: readonly Conflict[]
  readonly retractedElsewhere: Source | null
}

/** An item that is left in its reply's text, with what the view says of it: of a class, whose objects V8 makes in one piece. */
class MergedReplyItem extends ReplyItem implements AddedToItem {
  declare readonly context: AccessContext
  declare readonly askedNhsNumber: string
  declare readonly sources: readonly Source[]
  declare readonly possibleDuplicates: readonly string[]
  declare readonly conflicts: readonly Conflict[]
  declare readonly retractedElsewhere: Source | null

  constructor(item: ReplyItem, added: AddedToItem) {
    super(item)
    this.context = added.context
    this.askedNhsNumber = added.askedNhsNumber
    this.sources = added.sources
    this.possibleDuplicates = added.possibleDuplicates
    this.conflicts = added.conflicts
    this.retractedElsewhere = added.retractedElsewhere
  }
}

export interface MergeItemsOptions {
  /** Field of Patient. */
  readonly section: string
  readonly regions: readonly RegionalItems[]
  /** Why the items were asked for. */
  readonly context: AccessContext
  /** The number that their patient was asked for by. */
  readonly askedNhsNumber: string
  /** What of the items is shown (needed-fields.ts). */
  readonly fields: readonly string[] | null
  /** Null: the patient's places may be shown. */
  readonly protection: LocationProtection | null
}

const none: readonly [] = []

/** The items of one answer as they are shown, out of the groups that are shown (product.md rules 4 and 5). Nothing is dropped, nothing invented. */
export function mergeItems(groups: readonly ItemGroup[], { section, regions, context, askedNhsNumber, fields, protection }: MergeItemsOptions): readonly MergedItem[] {
  const { compared, identified } = toldOfItems(fields)
  const isCompared = compared && !(protection && tellsPlaces(section))
  const lookAlikes = isCompared
    ? findLookAlikes(
        section,
        groups.map(({ newest: { item } }) => (protection ? withoutLocalCodes(toPlainItem(item)) : item)),
      )
    : null
  const toShown = <Item extends object>(item: Item): Item => (protection ? protection.hideItemPlaces(section, item) : item)
  return groups.map((group) => {
    const alike = lookAlikes?.get(group.id) ?? none
    return toShown(
      withAdded(group.newest.item, {
        context,
        askedNhsNumber,
        sources: group.sources.map((source) => toSource(source, identified)),
        possibleDuplicates: protection ? alike.map(protection.sealId).sort() : alike,
        retractedElsewhere: findRetraction(section, group, regions),
        conflicts: group.sources.length > 1 ? findConflicts(group.sources.map(({ region, item }) => ({ region, item: toShown(item) }))) : none,
      }),
    )
  })
}

function withAdded(item: RegionalItem, added: AddedToItem): MergedItem {
  return item instanceof ReplyItem ? (new MergedReplyItem(item, added) as unknown as MergedItem) : { ...item, ...added }
}

function toSource({ region, item }: ItemSource, identified: boolean): Source {
  return { region, organisation: item.organisation, identifier: identified ? item.identifier : null, recordedAt: item.recordedAt }
}

/**
 * Another region's word that the item is not current. A region that holds it too may have had it at another instant, which it lists as
 * retracted: then only this very id counts. One that does not may have it at an instant, or none, that we cannot know.
 */
function findRetraction(section: string, { id, newest, sources }: ItemGroup, regions: readonly RegionalItems[]): Source | null {
  if (regions.every(({ region, retractions }) => region === newest.region || retractions.length === 0)) return null
  const { identifier } = newest.item
  const identity = identifier ? toItemId({ kind: section, system: identifier.system, value: identifier.value }) : null
  for (const { region, retractions } of regions) {
    if (region === newest.region) continue
    const isHolder = sources.some((source) => source.region === region)
    const found = retractions.find((one) => one.id === id || (!isHolder && one.identity === identity))
    if (found) return { region, organisation: found.organisation, identifier: found.identifier, recordedAt: found.at }
  }
  return null
}
