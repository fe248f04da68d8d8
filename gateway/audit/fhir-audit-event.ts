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

/** FHIR R4 Reference, by business identifier. */
export interface FhirReference {
  readonly type: string
  readonly identifier: { readonly system: string; readonly value: string }
  readonly display?: string
}

/** FHIR R4 AuditEvent.agent. */
export interface FhirAuditAgent {
  readonly type: FhirConcept
  readonly role?: readonly FhirConcept[]
  readonly who: FhirReference
  readonly altId?: string
  readonly name?: string
  readonly requestor: boolean
  readonly policy?: readonly string[]
}

/** FHIR R4 AuditEvent.entity. */
export interface FhirAuditEntity {
  readonly what: FhirReference
  readonly type: FhirCoding
  readonly role: FhirCoding
  readonly name?: string
  readonly detail?: FhirAuditDetails
}

/** FHIR R4 AuditEvent.entity.detail. */
export type FhirAuditDetails = readonly { readonly type: string; readonly valueString: string }[]

/** FHIR R4 AuditEvent (hl7.org/fhir/R4/auditevent.html), as far as the export uses it. */
export interface FhirAuditEvent {
  readonly resourceType: 'AuditEvent'
  readonly id: string
  readonly type: FhirCoding
  readonly subtype: readonly FhirCoding[]
  readonly action: 'R' | 'U' | 'D' | 'E'
  readonly recorded: string
  /** Absent where none is known yet. */
  readonly outcome?: '0' | '4' | '8'
  readonly outcomeDesc: string
  readonly purposeOfEvent?: readonly FhirConcept[]
  readonly agent: readonly FhirAuditAgent[]
  readonly source: { readonly site: string; readonly observer: FhirReference; readonly type: readonly FhirCoding[] }
  readonly entity?: readonly FhirAuditEntity[]
}
