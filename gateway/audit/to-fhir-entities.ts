import type { AccessEvent } from './audit-event.ts'

/** FHIR R4 Coding. */
export interface FhirCoding {
  readonly system: string
  readonly code: string
  readonly display?: string
}

/** FHIR R4 CodeableConcept. */
export interface FhirConcept {
  readonly coding?: readonly FhirCoding[]
  readonly text?: string
}

/** FHIR R4 AuditEvent.entity.detail. */
export type FhirAuditDetails = readonly { readonly type: string; readonly valueString: string }[]

/** FHIR R4 AuditEvent.entity. */
export interface FhirAuditEntity {
  readonly what: FhirReference
  readonly type: FhirCoding
  readonly role: FhirCoding
  readonly name?: string
  readonly detail?: FhirAuditDetails
}

/** FHIR R4 Reference, by business identifier. */
export interface FhirReference {
  readonly type: string
  readonly identifier: { readonly system: string; readonly value: string }
  readonly display?: string
}

const entityType = 'http://terminology.hl7.org/CodeSystem/audit-entity-type'
const entityRole = 'http://terminology.hl7.org/CodeSystem/object-role'
const object = { system: entityType, code: '2', display: 'System Object' }

/** The prefix of our own systems and codes. */
export const auditUrnPrefix = 'urn:share2care:audit'

/** The patient, the person and the document that an access concerns, where it does. */
export function toSubjectEntities({ nhsNumber, aboutPerson, documentId }: AccessEvent): readonly FhirAuditEntity[] {
  const person = { system: entityType, code: '1', display: 'Person' }
  const entities: FhirAuditEntity[] = []
  if (nhsNumber !== null) {
    const what = { type: 'Patient', identifier: { system: 'https://fhir.nhs.uk/Id/nhs-number', value: nhsNumber } }
    entities.push({ what, type: person, role: { system: entityRole, code: '1', display: 'Patient' } })
  }
  if (aboutPerson !== null) {
    entities.push({
      what: toFhirPractitioner(aboutPerson, null),
      type: person,
      role: { system: entityRole, code: '15', display: 'Practitioner' },
    })
  }
  if (documentId !== null) {
    const what = { type: 'DocumentReference', identifier: { system: `${auditUrnPrefix}:document`, value: documentId } }
    entities.push({ what, type: object, role: { system: entityRole, code: '3', display: 'Report' } })
  }
  return entities
}

/** The operation, and what is told of its access that FHIR has no place for. */
export function toQueryEntity(event: AccessEvent, chain: FhirAuditDetails): FhirAuditEntity {
  const {
    operation,
    organisation,
    relationship,
    reason,
    authority,
    change,
    changeId,
    decision,
    status,
    latencyMs,
    answeredFrom,
    items,
    withheld,
    alert,
    requestId,
  } = event
  return {
    what: {
      type: 'Basic',
      identifier: { system: `${auditUrnPrefix}:operation-sha256`, value: operation.hash ?? 'none' },
    },
    type: object,
    role: { system: entityRole, code: '24', display: 'Query' },
    // Invariant sev-1: a name or a query, never both.
    ...(operation.name ? { name: operation.name } : {}),
    detail: [
      ...toFhirDetails({
        requestId,
        organisationRegions: organisation.regions.join(' '),
        relationship,
        reason,
        [authority?.kind === 'GRANT' ? 'grant' : 'permission']: authority?.id ?? null,
        change,
        changeId,
        decision: decision.code,
        policyVersion: decision.policyVersion,
        status,
        latencyMs,
        answeredFrom,
        items,
        withheld: withheld.join(' '),
        alert: alert ? 'raised' : null,
      }),
      ...chain,
    ],
  }
}

/** A writer's trail itself. */
export function toTrailEntity(writer: string, detail: FhirAuditDetails): FhirAuditEntity {
  return {
    what: { type: 'Basic', identifier: { system: `${auditUrnPrefix}:writer`, value: writer } },
    type: object,
    role: { system: entityRole, code: '13', display: 'Security Resource' },
    detail,
  }
}

/** A person by NHS CIS2 user id. */
export function toFhirPractitioner(id: string, name: string | null): FhirReference {
  return {
    type: 'Practitioner',
    identifier: { system: 'https://fhir.nhs.uk/Id/sds-user-id', value: toFhirValue(id) },
    ...(name ? { display: name } : {}),
  }
}

/** FHIR has no empty strings, and events of the first gateways may have empty ids. */
export function toFhirValue(text: string): string {
  return text.trim() === '' ? 'none' : text
}

/** Facts as tagged values; those that are null or empty are left out, for FHIR has no empty strings. */
export function toFhirDetails(facts: Readonly<Record<string, string | number | null>>): FhirAuditDetails {
  return Object.entries(facts).flatMap(([type, value]) =>
    value === null || value === '' ? [] : [{ type, valueString: String(value) }],
  )
}
