import type * as Region from '../../schema/generated/region.ts'
import { type LocalIdentity, type SharedIdentity, toItemId } from '../../schema/item-id.ts'
import { type SectionField, sections } from '../../schema/sections.ts'
import { printTimelinePosition } from '../../schema/timeline-position.ts'
import { type PublishedItem, toSource } from './record-store.ts'
import { type StoredSection, sectionTable } from './section-table.ts'
import { toDigest } from './to-digest.ts'

/**
 * An item's columns as they follow from what was published; where it lies and whether it is current is decided beside
 * it.
 */
export interface ItemRow {
  readonly section: SectionField
  readonly age: number
  readonly id: string
  /** The item's identity across versions: its id without the instant. */
  readonly identity: string
  readonly version: number | null
  readonly last_updated: string | null
  readonly source: string
  readonly labels: string
  readonly codes: string
  readonly categories: string
  readonly based_on: string
  readonly digest: string
  readonly body: string
}

/** Negates orderedAtMs, so that ascending order is newest first; undated items come last. */
export function toNewestFirstKey(orderedAtMs: number | null): number {
  return orderedAtMs === null ? Number.MAX_SAFE_INTEGER : -orderedAtMs || 0
}

/** Prints a list as |A|B|, in which instr finds |A|; empty for an empty list. */
export function printColumnList(words: readonly string[]): string {
  return words.length === 0 ? '' : `|${words.join('|')}|`
}

export function parseColumnList(text: string): readonly string[] {
  return text.split('|').filter(Boolean)
}

/** Computes the identity of the item that a business identifier names. */
export function toIdentity(section: SectionField, { system, value }: Region.Identifier): string {
  return toItemId({ kind: section, system, value })
}

export interface ItemRowOptions {
  readonly region: string
  readonly recordedAt: string
  /**
   * The owner of a statement that stands beside another publisher's of the same identity; null where it has the id that
   * regions share.
   */
  readonly besideOf: string | null
}

export function toItemRow(item: PublishedItem, { region, recordedAt, besideOf }: ItemRowOptions): ItemRow {
  const isTimeline = sections[item.section].form === 'timeline'
  const { identity, parts } = identify(item, region)
  const idParts =
    besideOf === null ? parts : { kind: item.section, region, organisation: besideOf, resourceId: identity }
  const id = toItemId(isTimeline ? { ...idParts, orderedAtMs: item.orderedAtMs } : idParts)
  const { identifier, version, lastUpdated, organisation, orderedAtMs } = item
  const entry: Region.Entry = {
    id,
    identifier,
    version,
    lastUpdated,
    organisation,
    recordedAt,
    orderedAt: orderedAtMs === null ? null : new Date(orderedAtMs).toISOString(),
  }
  const position = isTimeline ? { position: printTimelinePosition({ orderedAtMs, id }) } : {}
  const { entry: _, ...content } = item
  return {
    section: item.section,
    age: toNewestFirstKey(orderedAtMs),
    id,
    identity,
    version,
    last_updated: lastUpdated,
    source: toSource(organisation),
    labels: printColumnList(item.labels),
    ...toFilterWords(item),
    based_on: JSON.stringify(item.basedOn),
    digest: toDigest(content),
    body: JSON.stringify({ ...entry, ...position, ...item.fields }),
  }
}

/**
 * Computes an item's identity across versions and publishers. A resource id is unique within its organisation, or
 * within the patient if that is unknown.
 */
export function identify(
  { section, identifier, organisation, resourceType, resourceId, nhsNumber }: PublishedItem,
  region: string,
): { readonly identity: string; readonly parts: SharedIdentity | LocalIdentity } {
  const parts = identifier
    ? { kind: section, system: identifier.system, value: identifier.value }
    : {
        kind: section,
        region,
        organisation: toSource(organisation) || nhsNumber,
        resourceId: `${resourceType}/${resourceId}`,
      }
  return { identity: toItemId(parts), parts }
}

function toFilterWords<S extends SectionField>({
  section,
  fields,
}: PublishedItem<S>): {
  readonly codes: string
  readonly categories: string
} {
  const stored: StoredSection<S> = sectionTable[section]
  const { codes, categories } = stored.toFilterWords?.(fields) ?? { codes: [], categories: [] }
  return {
    codes: printColumnList(codes),
    categories: printColumnList(categories.filter((category) => category !== null)),
  }
}
