import { expect } from 'vitest'
import type { SectionField } from '../../../schema/sections.ts'
import { parseFhirJson } from '../../../subgraphs/publishing/parse-fhir-json.ts'
import {
  type MappedBundle,
  type PublicationMapping,
  type ToPublicationOptions,
  toPublication,
} from '../../../subgraphs/publishing/to-publication.ts'
import type { ItemFields, PublishedItem, UnattributedPublication } from '../../../subgraphs/store/record-store.ts'

export type Json = Readonly<Record<string, unknown>>

export const nhsNumberSystem = 'https://fhir.nhs.uk/Id/nhs-number'
export const odsCodeSystem = 'https://fhir.nhs.uk/Id/ods-organization-code'
export const publisher = { odsCode: 'REM', name: 'Liverpool University Hospitals NHS Foundation Trust' }

export const patient: Json = {
  resourceType: 'Patient',
  id: 'p1',
  identifier: [{ system: nhsNumberSystem, value: '9990000018' }],
  name: [{ family: 'Test', given: ['Ann'] }],
  birthDate: '1980-05-01',
}
export const toPatient = { reference: 'Patient/p1' }
export const snomed = (code: string, display: string): Json => ({
  coding: [{ system: 'http://snomed.info/sct', code, display }],
})

/** A transaction of these resources, each under a urn:uuid of its place. */
export function transaction(...resources: readonly Json[]): Json {
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource, index) => ({
      fullUrl: urn(index),
      resource,
      request: { method: 'POST', url: resource.resourceType },
    })),
  }
}
export function urn(index: number): string {
  return `urn:uuid:00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
}

/** As a publisher sends it: through JSON, where raw numbers are written as `{ raw: '5.0' }`. */
export function publish(bundle: unknown, options: Partial<ToPublicationOptions> = {}): PublicationMapping {
  const text = JSON.stringify(bundle).replace(/\{"raw":"([^"]*)"\}/g, '$1')
  const parsed = parseFhirJson(text)
  if (!parsed) throw new Error('The test wrote no JSON')
  return toPublication(parsed.value, { publisher, ...options })
}

export function expectMapped(mapping: PublicationMapping): MappedBundle {
  if (mapping.status === 'refused') expect.fail(`refused: ${JSON.stringify(mapping.faults)}`)
  return mapping
}

export function expectPublication(mapping: PublicationMapping): UnattributedPublication {
  const [publication, ...others] = expectMapped(mapping).publications
  if (!publication || others.length > 0)
    expect.fail(`expected one publication, found ${others.length + (publication ? 1 : 0)}`)
  return publication
}

/** The item of a section that the last of these resources, published together with the patient, becomes. */
export function toMappedItem<S extends SectionField>(
  section: S,
  ...resources: readonly Json[]
): PublishedItem<S> & { readonly fields: ItemFields<S> } {
  const { items } = expectPublication(publish(transaction(patient, ...resources)))
  const found = items.filter((item) => item.section === section && item.entry === resources.length)
  if (found.length !== 1)
    expect.fail(`expected one item of ${section}, found ${found.length} of ${items.map((item) => item.section)}`)
  return found[0] as PublishedItem<S>
}

/** The faults of a refused Bundle, as `entry path code`. */
export function listFaults(mapping: PublicationMapping): readonly string[] {
  if (mapping.status === 'mapped') expect.fail('expected a refusal, found it mapped')
  return mapping.faults.map(({ entry, path, code }) => `${entry} ${path} ${code}`)
}
