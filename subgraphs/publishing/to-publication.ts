import type * as Region from '../../schema/generated/region.ts'
import type { PublicationFault, UnattributedPublication } from '../store/record-store.ts'
import { createBundleIndex } from './bundle/bundle-index.ts'
import { mapEntry } from './bundle/map-entry.ts'
import { type ParsedEntry, parseEntry } from './bundle/parse-entry.ts'
import { createPatientNumbers } from './bundle/patient-numbers.ts'
import { type BundleType, readBundle } from './bundle/read-bundle.ts'
import { refuseDuplicates } from './bundle/refuse-duplicates.ts'
import { bundleLimits } from './bundle-limits.ts'
import { createFaultList, wholeBundle } from './fault-list.ts'
import type { AssignedNumbers } from './patient-number.ts'
import type { MappedResource } from './resource-definition.ts'
import { supportedResources } from './resources/supported-resources.ts'

export interface ToPublicationOptions {
  /** The organisation whose token or command publishes: the source of items that name no other with an ODS code. */
  readonly publisher: Region.Organisation
  /** Gives every patient a number in the 999 range, the same one every time. @default false */
  readonly renumber?: boolean
  /** Numbers given in this run so far; pass the same one for every Bundle of a run, so that a collision is found. */
  readonly assignedNumbers?: AssignedNumbers
  /**
   * Is called for each reference lookup with its length in characters, so that tests can count the work. @default no
   * call
   */
  readonly onReferenceLookup?: (characters: number) => void
}

/** An entry of the Bundle, in its order. */
export interface EntryOutline {
  readonly entry: number
  readonly resourceType: string
  readonly understood: boolean
  /** Number of things the entry publishes; 0 for one that is only referred to. */
  readonly published: number
}

export interface MappedBundle {
  readonly status: 'mapped'
  readonly type: BundleType
  /** One for the whole Bundle; for a batch, one for each entry that publishes something. */
  readonly publications: readonly UnattributedPublication[]
  readonly entries: readonly EntryOutline[]
  /** By resource type. */
  readonly counts: ReadonlyMap<string, { readonly understood: number; readonly notUnderstood: number }>
  /** How many entries there are, those refused too. */
  readonly size: number
  /** Entries of a batch that are refused alone, and why; always empty for other Bundles. */
  readonly refused: ReadonlySet<number>
  readonly faults: readonly PublicationFault[]
}

export type PublicationMapping =
  | MappedBundle
  | { readonly status: 'refused'; readonly faults: readonly PublicationFault[] }

/**
 * Maps a FHIR R4 Bundle (transaction, batch, collection, document; parsed by parseFhirJson) to what it publishes
 * (schema/README.md, Sections of the view). Pure, and it never throws for what a Bundle holds: a faulty one is refused
 * whole (a batch: by entry), with all its faults, of which the texts hold nothing of the Bundle's content.
 */
export function toPublication(
  bundle: unknown,
  { publisher, renumber = false, assignedNumbers = new Map(), onReferenceLookup }: ToPublicationOptions,
): PublicationMapping {
  const faults = createFaultList()
  const content = readBundle(bundle, faults)
  if (!content) return { status: 'refused', faults: faults.toArray() }
  const entries: ParsedEntry[] = []
  for (const entry of content.entries) {
    entries.push(parseEntry(entry, supportedResources, faults))
    // No reader needs more faults, and finding millions takes long.
    if (faults.size > bundleLimits.faults) return { status: 'refused', faults: faults.toArray() }
  }
  const index = createBundleIndex(entries, onReferenceLookup)
  const numbers = createPatientNumbers(index, renumber ? assignedNumbers : null, faults)
  const isBatch = content.type === 'batch'
  const mapped: MappedResource[] = []
  let size = 0
  for (const entry of entries) {
    const one = mapEntry(entry, { index, numbers, publisher, faults, entriesStandAlone: isBatch })
    mapped.push(one)
    size += sizeOf(one)
    if (size > bundleLimits.published) return { status: 'refused', faults: [tooManyCharacters] }
  }
  if (!isBatch) {
    refuseDuplicates(
      mapped.flatMap(({ items = [] }) => items),
      faults,
    )
    if (faults.size > 0) return { status: 'refused', faults: faults.toArray() }
  }
  const accepted = mapped.filter((_, at) => !faults.entries.has(entries[at]?.index ?? at))
  return {
    status: 'mapped',
    type: content.type,
    publications: isBatch
      ? accepted.filter((one) => countPublished(one) > 0).map((one) => toOnePublication([one]))
      : [toOnePublication(accepted)],
    entries: entries.map(({ index: entry, resourceType, parsed }, at) => ({
      entry,
      resourceType,
      understood: parsed !== null,
      published: countPublished(mapped[at] ?? {}),
    })),
    counts: countTypes(entries),
    size: content.size,
    refused: faults.entries,
    faults: faults.toArray(),
  }
}

const tooManyCharacters: PublicationFault = {
  entry: wholeBundle,
  path: 'Bundle',
  code: 'too-costly',
  fault: `expected entries that publish at most ${bundleLimits.published} characters together, found more`,
}

/** Counts characters of JSON, without the bytes of documents, which are stored once. */
function sizeOf({ patients = [], items = [], optOuts = [], referrals = [] }: MappedResource): number {
  return [patients, items, optOuts, referrals].reduce(
    (sum, published) => (published.length === 0 ? sum : sum + JSON.stringify(published).length),
    0,
  )
}

function toOnePublication(mapped: readonly MappedResource[]): UnattributedPublication {
  return {
    patients: mapped.flatMap(({ patients = [] }) => patients),
    items: mapped.flatMap(({ items = [] }) => items),
    optOuts: mapped.flatMap(({ optOuts = [] }) => optOuts),
    referrals: mapped.flatMap(({ referrals = [] }) => referrals),
    contents: mapped.flatMap(({ contents = [] }) => contents),
  }
}

function countPublished({ patients = [], items = [], optOuts = [], referrals = [] }: MappedResource): number {
  return patients.length + items.length + optOuts.length + referrals.length
}

function countTypes(
  entries: readonly { readonly resourceType: string; readonly parsed: unknown }[],
): MappedBundle['counts'] {
  const counts = new Map<string, { understood: number; notUnderstood: number }>()
  for (const { resourceType, parsed } of entries) {
    const count = counts.get(resourceType) ?? { understood: 0, notUnderstood: 0 }
    if (parsed) count.understood++
    else count.notUnderstood++
    counts.set(resourceType, count)
  }
  return counts
}
