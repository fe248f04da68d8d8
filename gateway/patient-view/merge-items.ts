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

/** An item of the view: its newest source whole, and every source by name. */
export type MergedItem = RegionalItem & ItemAdditions

/** The fields that the view adds to an item. */
export interface ItemAdditions {
  /** The viewer's purpose, reason and relationship for this patient. */
  readonly context: AccessContext
  /** The NHS number by which the client requested the patient. */
  readonly askedNhsNumber: string
  readonly sources: readonly Source[]
  readonly possibleDuplicates: readonly string[]
  readonly conflicts: readonly Conflict[]
  readonly retractedElsewhere: Source | null
}

/**
 * An item whose fields stay in the reply's text, with the view's additions. A class, because V8 allocates its objects
 * in one piece.
 */
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
  /** The viewer's purpose, reason and relationship for this patient. */
  readonly context: AccessContext
  /** The NHS number by which the client requested the patient. */
  readonly askedNhsNumber: string
  /** The fields that are shown (needed-fields.ts); null: all. */
  readonly fields: readonly string[] | null
  /** Null: the patient's locations may be shown. */
  readonly redaction: LocationRedaction | null
}

const emptyList: readonly [] = []

/** Merges the shown groups into items (gateway/README.md, rules 4 and 5). No item is dropped or invented. */
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
 * Finds a region that states that the item is no longer current.
 * A region that holds the item may list an earlier instant of it as retracted, so only this exact id counts there.
 * For a region that does not hold it, the business identifier suffices, because its instant is unknown.
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
