/** A resource as it came, before anything of it is checked. */
export type RawResource = Readonly<Record<string, unknown>>

type Version = 'DSTU2' | 'STU3' | 'R4' | 'R5'

/** Resource types that only one other version has. */
const foreignTypes: Readonly<Record<string, Version>> = {
  MedicationOrder: 'DSTU2',
  DiagnosticOrder: 'DSTU2',
  ReferralRequest: 'STU3',
  ProcedureRequest: 'STU3',
  DeviceComponent: 'STU3',
  DeviceUsage: 'R5',
  NutritionIntake: 'R5',
  RequestOrchestration: 'R5',
  ImagingSelection: 'R5',
  Transport: 'R5',
}

interface VersionMarker {
  readonly types: readonly string[]
  readonly element: string
  readonly is: (value: unknown) => boolean
  /** The versions in which the element has this form. */
  readonly versions: readonly Version[]
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isPresent = (value: unknown) => value !== undefined
const isOneOf =
  (...codes: string[]) =>
  (value: unknown) =>
    typeof value === 'string' && codes.includes(value)

const versionMarkers: readonly VersionMarker[] = [
  {
    types: ['AllergyIntolerance', 'Condition'],
    element: 'clinicalStatus',
    is: isOneOf('active', 'inactive', 'resolved', 'recurrence', 'remission'),
    versions: ['STU3'],
  },
  { types: ['AllergyIntolerance', 'Condition'], element: 'clinicalStatus', is: isObject, versions: ['R4', 'R5'] },
  { types: ['AllergyIntolerance', 'Condition'], element: 'assertedDate', is: isPresent, versions: ['STU3'] },
  { types: ['AllergyIntolerance', 'Condition'], element: 'recordedDate', is: isPresent, versions: ['R4', 'R5'] },
  { types: ['AllergyIntolerance', 'Condition', 'Flag'], element: 'participant', is: Array.isArray, versions: ['R5'] },
  { types: ['MedicationStatement'], element: 'taken', is: isPresent, versions: ['STU3'] },
  { types: ['MedicationStatement'], element: 'status', is: isOneOf('recorded', 'draft'), versions: ['R5'] },
  { types: ['MedicationStatement', 'MedicationRequest'], element: 'medication', is: isObject, versions: ['R5'] },
  {
    types: ['MedicationStatement', 'MedicationRequest'],
    element: 'medicationCodeableConcept',
    is: isObject,
    versions: ['STU3', 'R4'],
  },
  {
    types: ['Condition', 'Observation', 'Procedure', 'MedicationRequest'],
    element: 'context',
    is: isObject,
    versions: ['STU3'],
  },
  {
    types: ['Condition', 'Observation', 'Procedure', 'MedicationRequest'],
    element: 'encounter',
    is: isObject,
    versions: ['R4', 'R5'],
  },
  { types: ['Immunization'], element: 'notGiven', is: isPresent, versions: ['STU3'] },
  { types: ['Immunization'], element: 'occurrenceDateTime', is: isPresent, versions: ['R4', 'R5'] },
  { types: ['Procedure'], element: 'performedDateTime', is: isPresent, versions: ['STU3', 'R4'] },
  { types: ['Procedure'], element: 'occurrenceDateTime', is: isPresent, versions: ['R5'] },
  { types: ['DocumentReference'], element: 'indexed', is: isPresent, versions: ['STU3'] },
  { types: ['DocumentReference'], element: 'date', is: isPresent, versions: ['R4', 'R5'] },
  { types: ['Encounter'], element: 'class', is: Array.isArray, versions: ['R5'] },
  { types: ['Encounter'], element: 'class', is: isObject, versions: ['STU3', 'R4'] },
  { types: ['Encounter'], element: 'actualPeriod', is: isPresent, versions: ['R5'] },
  { types: ['Consent'], element: 'decision', is: isPresent, versions: ['R5'] },
]

/**
 * Which other version of FHIR a Bundle is written in, and by what that is seen; null where it can be R4. A profile that
 * names its version decides; a form that another version has decides only if nothing in the Bundle has a form that this
 * other version lacks, so that one wrong element is reported as that element's fault.
 */
export function findForeignVersion(
  bundle: RawResource,
  resources: readonly RawResource[],
): { readonly version: Version; readonly evidence: string } | null {
  for (const resource of [bundle, ...resources]) {
    const version = profiledVersion(resource)
    if (version) return { version, evidence: 'meta.profile' }
  }
  const seen = resources.flatMap(findForms)
  const foreign = seen.find(({ versions }) => !versions.includes('R4'))
  const version = foreign?.versions[0]
  if (!foreign || !version || seen.some(({ versions }) => !versions.includes(version))) return null
  return { version, evidence: foreign.evidence }
}

function profiledVersion({ meta }: RawResource): Version | null {
  const profiles: unknown = isObject(meta) ? (meta as RawResource).profile : null
  for (const profile of Array.isArray(profiles) ? profiles : []) {
    if (typeof profile !== 'string') continue
    if (/\/STU3\/|\/CareConnect-/.test(profile)) return 'STU3'
    if (profile.includes('/DSTU2/')) return 'DSTU2'
  }
  return null
}

function findForms(
  resource: RawResource,
): readonly { readonly versions: readonly Version[]; readonly evidence: string }[] {
  const type = typeof resource.resourceType === 'string' ? resource.resourceType : ''
  const foreign = Object.hasOwn(foreignTypes, type) ? foreignTypes[type] : undefined
  if (foreign) return [{ versions: [foreign], evidence: `resource type ${type}` }]
  return versionMarkers
    .filter(({ types, element, is }) => types.includes(type) && is(resource[element]))
    .map(({ versions, element }) => ({ versions, evidence: `form of ${type}.${element}` }))
}
