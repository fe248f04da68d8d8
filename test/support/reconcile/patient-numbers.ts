import type { Entry, Identifier, PublishedBundle, Reference, Resource } from './published-bundle.ts'

/**
 * A number that the import gave, when it re-numbered, to a Patient entry of a Bundle or, null, to a patient whom others
 * there refer to.
 */
export interface AssignedNumber {
  readonly slug: string
  readonly file: string
  readonly line: number | null
  readonly entry: number | null
  readonly nhsNumber: string
}

export interface PatientNumbers {
  /** The number under which the view must show what this entry publishes; null where that cannot be told. */
  ofEntry(entry: Entry, bundle: PublishedBundle): string | null
}

const nhsNumberSystem = 'https://fhir.nhs.uk/Id/nhs-number'

/**
 * Finds whose an entry is: by the NHS number in the file, or by that which its patient was given. `given` is null where
 * nothing was re-numbered.
 */
export function createPatientNumbers(
  bundles: readonly PublishedBundle[],
  given: readonly AssignedNumber[] | null,
): PatientNumbers {
  const byBundle = given && Map.groupBy(given, toPlace)
  const byPublished = new Map<string, string>()
  for (const bundle of byBundle ? bundles : []) {
    for (const { entry, nhsNumber } of byBundle?.get(toPlace(bundle)) ?? []) {
      const published = toPublished(bundle.entries.find(({ index }) => index === entry)?.resource)
      if (published !== null) byPublished.set(published, nhsNumber)
    }
  }

  function ofPatient({ index, resource }: Entry, bundle: PublishedBundle): string | null {
    if (!byBundle) return toPublished(resource)
    return byBundle.get(toPlace(bundle))?.find(({ entry }) => entry === index)?.nhsNumber ?? null
  }

  function ofReference(reference: Reference, entry: Entry, bundle: PublishedBundle): string | null {
    const target = bundle.find({ ...reference, type: reference.type ?? 'Patient' }, entry)
    if (target?.resource.resourceType === 'Patient') return ofPatient(target, bundle)
    const contained = entry.resource.contained?.find(({ id }) => reference.reference === `#${id}`)
    const published = contained
      ? toPublished(contained)
      : reference.identifier
        ? toPublished({ resourceType: 'Patient', identifier: [reference.identifier] })
        : null
    if (!byBundle) return published
    const known = published === null ? undefined : byPublished.get(published)
    if (known !== undefined) return known
    if (published?.startsWith('999')) return published
    const others = byBundle.get(toPlace(bundle))?.filter((one) => one.entry === null) ?? []
    return (contained || published) && others.length === 1 ? (others[0]?.nhsNumber ?? null) : null
  }

  return {
    ofEntry(entry, bundle) {
      const { resourceType, subject, patient, participant = [] } = entry.resource
      if (resourceType === 'Patient') return ofPatient(entry, bundle)
      for (const reference of [subject, patient, ...participant.map(({ actor }) => actor)]) {
        const found = reference && ofReference(reference, entry, bundle)
        if (found) return found
      }
      return null
    },
  }
}

/** Whether a Patient says that its number is not verified (UK Core): such a record is not shown. */
export function isUnverified({ identifier = [] }: Resource): boolean {
  const codes = identifier
    .filter(isNumberInUse)
    .flatMap(({ extension = [] }) => extension.filter(({ url }) => url?.endsWith('NHSNumberVerificationStatus')))
  return codes.some(({ valueCodeableConcept }) => valueCodeableConcept?.coding?.some(({ code }) => code !== '01'))
}

/** Whether a Patient is flagged sensitive: its record is of restricted confidentiality. */
export function isSensitive({ meta }: Resource): boolean {
  return Boolean(meta?.security?.some(({ code }) => code === 'R' || code === 'V'))
}

function toPublished(resource: Resource | undefined): string | null {
  return resource?.identifier?.find(isNumberInUse)?.value?.replace(/[\s-]/g, '') ?? null
}

function isNumberInUse({ system, value, use }: Identifier): boolean {
  return system === nhsNumberSystem && value !== undefined && use !== 'old'
}

function toPlace({ slug, file, line }: Pick<AssignedNumber, 'slug' | 'file' | 'line'>): string {
  return `${slug} ${line ?? ''} ${file}`
}
