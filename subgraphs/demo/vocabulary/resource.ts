import { createHash } from 'node:crypto'
import type { Calendar } from './moment.ts'
import type { Organisation } from './organisation.ts'

/** A FHIR R4 resource, as plain JSON. */
export interface Resource {
  readonly resourceType: string
  readonly id: string
  readonly [element: string]: unknown
}

/** Something in a patient's record, made into the resources that carry it. */
export type Item = (context: ItemContext) => readonly Resource[]

/** For whom and by whom an item is published. */
export interface ItemContext {
  readonly nhsNumber: string
  readonly organisation: Organisation
  readonly calendar: Calendar
  /** Set where a region's feed gave the items new identifiers. */
  readonly salt: string
}

/** What every item can say of itself beside its content. */
export interface ItemOptions {
  /**
   * Tells items apart that are otherwise alike, and keeps the identity of one whose content differs between regions.
   */
  readonly key?: string
  /** How many days before the build this version was made. */
  readonly updatedDaysAgo?: number
}

/** A UUID that depends on these parts alone, so that whoever publishes them mints the same one. */
export function mintUuid(...parts: readonly string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  // RFC 9562 version 8: a UUID of our own making.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export const nhsNumberSystem = 'https://fhir.nhs.uk/Id/nhs-number'

/** A logical reference to the patient: only the practice's Bundle holds the demographic record. */
export function patientReference(nhsNumber: string) {
  return { type: 'Patient', identifier: { system: nhsNumberSystem, value: nhsNumber } }
}

/** The namespace of an organisation's business identifiers; `.example` names belong to nobody (RFC 2606). */
export function identifierSystem(organisation: Organisation): string {
  return `https://${organisation.odsCode.toLowerCase()}.share2care.example/Id/record`
}

/** A reference to another resource of the same Bundle. */
export function referenceTo(resource: Resource): { readonly reference: string } {
  return { reference: `urn:uuid:${resource.id}` }
}

/** A logical reference to an organisation, as UK Core has them: ODS code and name. */
export function organisationReference(organisation: Organisation) {
  return {
    type: 'Organization',
    identifier: { system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: organisation.odsCode },
    display: organisation.name,
  }
}
