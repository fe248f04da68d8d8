import { readFileSync } from 'node:fs'
import type { Slug } from '../support/system.ts'

/** An item that published files hold and the view should show. Read from the Bundles alone, without the importer. */
export interface ExpectedItem {
  readonly resourceType: string
  /** Business identifier (domain.md), as system|value; else the resource's place, which is its region's own. */
  readonly key: string
  /** Whose: NHS number, or the patient's first identifier. */
  readonly patient: string
  readonly regions: ReadonlySet<Slug>
}

interface Resource {
  readonly resourceType: string
  readonly id?: string
  readonly status?: string
  readonly identifier?: readonly { readonly system?: string; readonly value?: string }[]
  readonly verificationStatus?: { readonly coding?: readonly { readonly code?: string }[] }
  readonly presentedForm?: readonly unknown[]
  readonly result?: readonly { readonly reference?: string }[]
}
interface Entry {
  readonly fullUrl?: string
  readonly resource?: Resource
}

/** Field of Patient that shows a resource type. */
export const sectionOf: Readonly<Record<string, string>> = {
  Flag: 'alerts',
  AllergyIntolerance: 'allergies',
  Condition: 'problems',
  MedicationRequest: 'medications',
  MedicationStatement: 'medications',
  Immunization: 'immunisations',
  Procedure: 'procedures',
  CarePlan: 'carePlans',
  RelatedPerson: 'contacts',
  Appointment: 'appointments',
  Observation: 'results',
  Encounter: 'encounters',
  DocumentReference: 'documents',
}

export interface PublishedCounts {
  /** Entries of each type, by region, as the files have them. */
  readonly entries: ReadonlyMap<string, ReadonlyMap<Slug, number>>
  readonly items: ReadonlyMap<string, ExpectedItem>
  /** Observations that a DiagnosticReport names, which carry its name in the view. */
  readonly reported: ReadonlySet<string>
}

/** Reads the Bundles of each region (.json: one; .ndjson: one a line) and says what the view should make of them. */
export function readExpected(files: ReadonlyMap<Slug, readonly string[]>): PublishedCounts {
  const entries = new Map<string, Map<Slug, number>>()
  const items = new Map<string, { resourceType: string; key: string; patient: string; regions: Set<Slug> }>()
  const reported = new Set<string>()
  for (const [slug, paths] of files) {
    for (const bundle of paths.flatMap(readBundles)) {
      const all = (bundle.entry ?? []).flatMap((entry) => (entry.resource ? [{ ...entry, resource: entry.resource }] : []))
      const keys = new Map(all.map((entry) => [entry.fullUrl ?? '', toKey(entry, slug)]))
      const patient = all.find(({ resource }) => resource.resourceType === 'Patient')
      for (const { resource, fullUrl } of all) {
        const counts = entries.get(resource.resourceType) ?? new Map<Slug, number>()
        entries.set(resource.resourceType, counts.set(slug, (counts.get(slug) ?? 0) + 1))
        for (const { reference } of resource.result ?? []) reported.add(keys.get(reference ?? '') ?? '')
        if (!sectionOf[resource.resourceType] || isRetracted(resource)) continue
        const key = toKey({ resource, fullUrl }, slug)
        const known = items.get(`${resource.resourceType} ${key}`)
        if (known) known.regions.add(slug)
        else items.set(`${resource.resourceType} ${key}`, { resourceType: resource.resourceType, key, patient: patient ? toKey(patient, slug) : '', regions: new Set([slug]) })
      }
    }
  }
  return { entries, items, reported }
}

function readBundles(file: string): readonly { readonly entry?: readonly Entry[] }[] {
  const text = readFileSync(file, 'utf8')
  return file.endsWith('.ndjson')
    ? text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => JSON.parse(line))
    : [JSON.parse(text)]
}

function isRetracted({ status, verificationStatus }: Resource): boolean {
  const verification = verificationStatus?.coding?.map(({ code }) => code) ?? []
  return status === 'entered-in-error' || verification.includes('entered-in-error') || verification.includes('refuted')
}

function toKey({ resource, fullUrl }: Entry & { readonly resource: Resource }, slug: Slug): string {
  const identifier = resource.identifier?.find(({ system, value }) => system && value)
  if (identifier) return `${identifier.system}|${identifier.value}`
  if (fullUrl && /^urn:(uuid|oid):/.test(fullUrl)) return fullUrl
  return `${slug} ${resource.id ?? ''}`
}
