import { isSensitive, isUnverified, type PatientNumbers } from './patient-numbers.ts'
import type { Entry, PublishedBundle, Resource } from './published-bundle.ts'
import {
  type Certainty,
  isReported,
  isWithdrawn,
  type PublishedItem,
  toBasedOn,
  toGroup,
  toKey,
  toPublishedItems,
} from './published-items.ts'

/** An item with a business identifier that the view of a patient should show once. */
export interface ExpectedItem {
  readonly resourceType: string
  readonly section: string
  readonly key: string
  readonly nhsNumber: string
  readonly regions: ReadonlyMap<string, Certainty>
  /** In every region a DiagnosticReport names it, so it bears that report's name. */
  readonly reported: boolean
}

/** An item that the view shows without identifier: it should show one such of this section and these regions. */
export interface UnidentifiedItem {
  readonly resourceType: string
  readonly section: string
  readonly regions: readonly string[]
  readonly nhsNumber: string
  readonly certainty: Certainty
}

export interface ExpectedRecords {
  /** Entries of each type, by region, as the files have them. */
  readonly entries: ReadonlyMap<string, ReadonlyMap<string, number>>
  readonly items: readonly ExpectedItem[]
  readonly unidentified: readonly UnidentifiedItem[]
  /**
   * Patients whom a region flags as sensitive: the view shows no identifiers of theirs, which may tell where they are.
   */
  readonly sensitive: ReadonlySet<string>
}

/** What a region holds of one resource: the newest version of it that was published. */
interface Version {
  readonly slug: string
  readonly nhsNumber: string
  readonly resource: Resource
  readonly items: readonly PublishedItem[]
  readonly basedOn: readonly string[]
  readonly reported: boolean
}

/** Says what the view should make of the Bundles, published in this order. */
export function toExpected(bundles: readonly PublishedBundle[], numbers: PatientNumbers): ExpectedRecords {
  const entries = new Map<string, Map<string, number>>()
  const held = new Map<string, Version>()
  for (const bundle of bundles) {
    for (const entry of bundle.entries) {
      const { resourceType } = entry.resource
      const counts = entries.get(resourceType) ?? new Map<string, number>()
      entries.set(resourceType, counts.set(bundle.slug, (counts.get(bundle.slug) ?? 0) + 1))
      const version = toVersion(entry, bundle, numbers)
      const identity = version && toIdentity(entry, version)
      const earlier = identity ? held.get(identity) : undefined
      if (
        version &&
        identity &&
        (earlier?.nhsNumber !== version.nhsNumber || isNewer(version.resource, earlier.resource))
      )
        held.set(identity, version)
    }
  }
  return { entries, ...spread([...held.values()]) }
}

function toVersion(entry: Entry, bundle: PublishedBundle, numbers: PatientNumbers): Version | null {
  const { resource } = entry
  if (!toGroup(resource)) return null
  const items = isWithdrawn(resource) ? [] : toPublishedItems(entry)
  // A number that cannot be told is nobody's: what is shown then counts as shown under the wrong patient, rather than
  // not at all.
  return {
    slug: bundle.slug,
    nhsNumber: numbers.ofEntry(entry, bundle) ?? '',
    resource,
    items,
    basedOn: toBasedOn(entry, bundle),
    reported: isReported(entry, bundle),
  }
}

/** What a resource is across its versions in a region. */
function toIdentity(entry: Entry, { slug, nhsNumber }: Version): string {
  const { resource, fullUrl } = entry
  const own = `${nhsNumber} ${resource.resourceType}/${resource.id ?? fullUrl ?? JSON.stringify(resource)}`
  return `${slug} ${toGroup(resource)} ${toKey(entry) ?? own}`
}

/** By version, else by lastUpdated, where both have one and they differ; else what comes later. */
function isNewer({ meta: arriving }: Resource, { meta: held }: Resource): boolean {
  const [version, heldVersion] = [arriving?.versionId, held?.versionId].map((text) =>
    /^\d{1,10}$/.test(text ?? '') ? Number(text) : Number.NaN,
  ) as [number, number]
  if (Number.isFinite(version) && Number.isFinite(heldVersion) && version !== heldVersion) return version > heldVersion
  const difference = Date.parse(arriving?.lastUpdated ?? '') - Date.parse(held?.lastUpdated ?? '')
  return !(difference < 0)
}

/**
 * Brings together what the regions hold, and leaves out what their own rules do: unverified records, requests folded
 * into a statement.
 */
function spread(versions: readonly Version[]): Omit<ExpectedRecords, 'entries'> {
  const unverified = new Set(
    versions
      .filter(({ resource }) => resource.resourceType === 'Patient' && isUnverified(resource))
      .map(toPatientOfRegion),
  )
  const shown = versions.filter((version) => !unverified.has(toPatientOfRegion(version)))
  const folded = new Set(
    shown.flatMap((version) =>
      version.items.length === 0 ? [] : version.basedOn.map((key) => `${toPatientOfRegion(version)} ${key}`),
    ),
  )
  const items = new Map<string, ExpectedItem>()
  const unidentified: UnidentifiedItem[] = []
  for (const version of shown) {
    const { slug, nhsNumber, resource, reported } = version
    for (const { section, key, certainty } of version.items) {
      if (key === null) {
        unidentified.push({ resourceType: resource.resourceType, section, regions: [slug], nhsNumber, certainty })
        continue
      }
      const isFolded = section === 'medications' && folded.has(`${toPatientOfRegion(version)} ${key}`)
      const known = items.get(`${section} ${nhsNumber} ${key}`)
      const regions = new Map(known?.regions).set(slug, isFolded ? 'possible' : certainty)
      items.set(`${section} ${nhsNumber} ${key}`, {
        resourceType: known?.resourceType ?? resource.resourceType,
        section,
        key,
        nhsNumber,
        regions,
        reported: reported && known?.reported !== false,
      })
    }
  }
  const sensitive = new Set(
    versions.flatMap(({ resource, nhsNumber }) =>
      resource.resourceType === 'Patient' && isSensitive(resource) ? nhsNumber : [],
    ),
  )
  const [hidden, identified] = [true, false].map((isHidden) =>
    [...items.values()].filter(({ nhsNumber }) => sensitive.has(nhsNumber) === isHidden),
  ) as [ExpectedItem[], ExpectedItem[]]
  return { items: identified, unidentified: [...unidentified, ...hidden.map(withoutKey)], sensitive }
}

function withoutKey({ resourceType, section, nhsNumber, regions }: ExpectedItem): UnidentifiedItem {
  return {
    resourceType,
    section,
    nhsNumber,
    regions: [...regions.keys()],
    certainty: [...regions.values()].includes('certain') ? 'certain' : 'possible',
  }
}

function toPatientOfRegion({ slug, nhsNumber }: Version): string {
  return `${slug} ${nhsNumber}`
}
