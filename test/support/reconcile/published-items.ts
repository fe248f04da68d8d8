import type { Entry, Identifier, PublishedBundle, Reference, Resource } from './published-bundle.ts'

/** Whether the view must show it; or may, since another shown item can stand for it, or what it says decides. */
export type Certainty = 'certain' | 'possible'

/** An item that a resource should become. */
export interface PublishedItem {
  /** Field of Patient. */
  readonly section: string
  /** Business identifier (domain.md) as system|value; null: it has none, and is its region's own. */
  readonly key: string | null
  readonly certainty: Certainty
}

/** Field of Patient that shows the one item of a resource type. */
const sectionOf: Readonly<Record<string, string>> = {
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

/**
 * Within which an identifier names one thing: the section, or a type whose items lie in several. Null: the view shows
 * no items of the type.
 */
export function toGroup({ resourceType }: Resource): string | null {
  return (
    sectionOf[resourceType] ?? (resourceType === 'DiagnosticReport' || resourceType === 'Patient' ? resourceType : null)
  )
}

/**
 * The business identifier as system|value: the first with both, a document's masterIdentifier last, else a fullUrl that
 * is a URN of a uuid or oid.
 */
export function toKey({ resource, fullUrl }: Entry): string | null {
  if (resource.resourceType === 'Patient') return null
  const identifiers = [
    ...(resource.identifier ?? []),
    ...(resource.masterIdentifier ? [resource.masterIdentifier] : []),
  ]
  return identifiers.map(printIdentifier).find((one) => one !== null) ?? toUrnKey(fullUrl ?? '')
}

/** What a resource, not retracted, should be shown as. */
export function toPublishedItems(entry: Entry): readonly PublishedItem[] {
  const { resource } = entry
  const key = toKey(entry)
  const part = (text: string) => key && key + text
  switch (resource.resourceType) {
    case 'DiagnosticReport': {
      const forms = resource.presentedForm ?? []
      if (forms.length > 0)
        return forms.map((_, index) => ({
          section: 'documents',
          key: part(`#presentedForm${forms.length > 1 ? index : ''}`),
          certainty: 'certain',
        }))
      return resource.conclusion === undefined
        ? []
        : [{ section: 'results', key: part('#conclusion'), certainty: 'certain' }]
    }
    case 'Patient':
      // A practitioner that nothing is known of is no contact, so these may be shown, but need not.
      return [
        ...(resource.contact ?? []).map(
          (): PublishedItem => ({ section: 'contacts', key: null, certainty: 'certain' }),
        ),
        ...(resource.generalPractitioner ?? []).map(
          (): PublishedItem => ({ section: 'contacts', key: null, certainty: 'possible' }),
        ),
      ]
    default: {
      const section = sectionOf[resource.resourceType]
      if (!section || isNoKnownAllergy(resource)) return []
      // The appointments of a window, however wide, leave undated ones out.
      return [
        {
          section,
          key,
          certainty: section === 'appointments' && resource.start === undefined ? 'possible' : 'certain',
        },
      ]
    }
  }
}

/** Whether a version says that the item is not to be shown: entered in error, refuted, or a person no longer active. */
export function isWithdrawn({ resourceType, status, active, verificationStatus }: Resource): boolean {
  const verification = verificationStatus?.coding?.map(({ code }) => code) ?? []
  return (
    status === 'entered-in-error' ||
    verification.includes('entered-in-error') ||
    verification.includes('refuted') ||
    (resourceType === 'RelatedPerson' && active === false)
  )
}

/** The keys of the requests that a prescription is based on: the view shows them as one therapy. */
export function toBasedOn(entry: Entry, { find }: PublishedBundle): readonly string[] {
  return (entry.resource.basedOn ?? []).flatMap((reference: Reference) => {
    const target = find(reference, entry)
    return (
      (target && toKey(target)) ??
      printIdentifier(reference.identifier ?? {}) ??
      toUrnKey(reference.reference ?? '') ??
      []
    )
  })
}

/** Whether a report of the Bundle names this result, which then bears the report's name. */
export function isReported(entry: Entry, { entries, find }: PublishedBundle): boolean {
  if (entry.resource.resourceType !== 'Observation') return false
  const reports = entries.filter(
    ({ resource }) => resource.resourceType === 'DiagnosticReport' && resource.result && !isWithdrawn(resource),
  )
  return reports.some((report) => report.resource.result?.some((reference) => find(reference, report) === entry))
}

/** An answer of the section, not one of its items (SNOMED CT, no known allergy). */
function isNoKnownAllergy({ resourceType, code }: Resource): boolean {
  return (
    resourceType === 'AllergyIntolerance' &&
    Boolean(code?.coding?.some((one) => one.system === 'http://snomed.info/sct' && one.code === '716186003'))
  )
}

export function printIdentifier({ system, value }: Identifier): string | null {
  return system && value ? `${system}|${value}` : null
}

function toUrnKey(url: string): string | null {
  return /^urn:(uuid|oid):/i.test(url) ? `urn:ietf:rfc:3986|${url.toLowerCase()}` : null
}
