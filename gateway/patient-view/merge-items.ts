import type { AccessContext } from '../../schema/assertion.ts'
import type { Conflict, Source } from '../../schema/generated/patient-view.ts'
import { toItemId } from '../../schema/item-id.ts'
import { removeLocalCodes } from '../../schema/location-protection.ts'
import type { SectionField } from '../../schema/sections.ts'
import { ReplyItem, toPlainItem } from '../regions/reply-item.ts'
import { findConflicts } from './find-conflicts.ts'
import { findPossibleDuplicates } from './find-possible-duplicates.ts'
import type { ItemGroup, ItemSource, RegionalItem, RegionalItems } from './group-items.ts'
import type { LocationRedaction } from './location-redaction.ts'
import { readItemFieldUses } from './needed-fields.ts'
import { sectionTable } from './section-table.ts'

/** One item of the view: its newest source whole, and every source named. */
export type MergedItem = RegionalItem & ItemAdditions

/** What the view says of an item beside what its newest source says. */
export interface ItemAdditions {
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
class MergedReplyItem extends ReplyItem implements ItemAdditions {
  declare readonly context: AccessContext
  declare readonly askedNhsNumber: string
  declare readonly sources: readonly Source[]
  declare readonly possibleDuplicates: readonly string[]
  declare readonly conflicts: readonly Conflict[]
  declare readonly retractedElsewhere: Source | null

  constructor(item: ReplyItem, added: ItemAdditions) {
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
  readonly section: SectionField
  readonly regions: readonly RegionalItems[]
  /** Why the items were asked for. */
  readonly context: AccessContext
  /** The number that their patient was asked for by. */
  readonly askedNhsNumber: string
  /** What of the items is shown (needed-fields.ts). */
  readonly fields: readonly string[] | null
  /** Null: the patient's places may be shown. */
  readonly redaction: LocationRedaction | null
}

const emptyList: readonly [] = []

/** The items of one answer as they are shown, out of the groups that are shown (product.md rules 4 and 5). Nothing is dropped, nothing invented. */
export function mergeItems(
  groups: readonly ItemGroup[],
  { section, regions, context, askedNhsNumber, fields, redaction }: MergeItemsOptions,
): readonly MergedItem[] {
  const { comparesDuplicates: compared, showsIdentifiers: identified } = readItemFieldUses(fields)
  const isCompared = compared && !(redaction && sectionTable[section].duplicates.comparesLocations)
  const duplicates = isCompared
    ? findPossibleDuplicates(
        section,
        groups.map(({ newest: { item } }) => (redaction ? removeLocalCodes(toPlainItem(item)) : item)),
      )
    : null
  const redact = <Item extends object>(item: Item): Item => (redaction ? redaction.redactItem(section, item) : item)
  return groups.map((group) => {
    const alike = duplicates?.get(group.id) ?? emptyList
    return redact(
      withAdditions(group.newest.item, {
        context,
        askedNhsNumber,
        sources: group.sources.map((source) => toSource(source, identified)),
        possibleDuplicates: redaction ? alike.map(redaction.sealId).sort() : alike,
        retractedElsewhere: findRetraction(section, group, regions),
        conflicts:
          group.sources.length > 1
            ? findConflicts(group.sources.map(({ region, item }) => ({ region, item: redact(item) })))
            : emptyList,
      }),
    )
  })
}

function withAdditions(item: RegionalItem, added: ItemAdditions): MergedItem {
  return item instanceof ReplyItem ? (new MergedReplyItem(item, added) as unknown as MergedItem) : { ...item, ...added }
}

function toSource({ region, item }: ItemSource, identified: boolean): Source {
  return {
    region,
    organisation: item.organisation,
    identifier: identified ? item.identifier : null,
    recordedAt: item.recordedAt,
  }
}

/**
 * Another region's word that the item is not current. A region that holds it too may have had it at another instant, which it lists as
 * retracted: then only this very id counts. One that does not may have it at an instant, or none, that we cannot know.
 */
function findRetraction(
  section: SectionField,
  { id, newest, sources }: ItemGroup,
  regions: readonly RegionalItems[],
): Source | null {
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
