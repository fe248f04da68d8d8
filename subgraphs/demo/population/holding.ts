import type * as Region from '../../../schema/generated/region.ts'
import type { SectionField } from '../../../schema/sections.ts'
import type { ItemFields, Lifecycle, PublishedItem, PublishedPatient } from '../../store/record-store.ts'
import type { DemoRegion } from '../vocabulary/person.ts'

/** What a census counts of a person in one region. */
export interface Holding {
  readonly verified: boolean
  readonly sensitive: boolean
  readonly deceased: boolean
  readonly renumbered: boolean
  readonly optedOut: 'of the region' | 'of an organisation' | null
  readonly birthDate: string | null
  /** All else that demographics say, as one text to compare. */
  readonly demographics: string
  readonly items: readonly HeldItem[]
}

export interface HeldItem {
  readonly section: SectionField
  /** System and value; null where the item has none. */
  readonly identifier: string | null
  readonly lifecycle: Lifecycle
  readonly document: HeldDocument | null
}

export interface HeldDocument {
  readonly type: string
  readonly organisation: string
  readonly hasContent: boolean
  /** Restricted, very restricted, or labelled with a sensitivity. */
  readonly isRestricted: boolean
}

/** A person, in each region that holds something. */
export type Holdings = ReadonlyMap<DemoRegion, Holding>

export function toComparable({ name, gender, address, telecom, gpPractice }: PublishedPatient['fields']): string {
  return JSON.stringify([name?.full, gender, address, telecom, gpPractice?.odsCode])
}

/** A document as it was published or as it is served. */
export function toHeldDocument(
  { type, contentAnswer }: ItemFields<'documents'>,
  organisation: Region.Organisation | null,
  labels: readonly string[],
): HeldDocument {
  return {
    type: type.text,
    organisation: organisation?.name ?? '',
    hasContent: contentAnswer === 'AVAILABLE',
    isRestricted: labels.some((label) => label !== 'N'),
  }
}

export function toIdentifierText(identifier: PublishedItem['identifier']): string | null {
  return identifier && `${identifier.system}|${identifier.value}`
}
