import { createPeople } from '../../../subgraphs/demo/create-people.ts'
import type { DemoRegion } from '../../../subgraphs/demo/vocabulary/person.ts'

/** The sections whose items have identifiers, in the view's order. */
export const itemSections = [
  'alerts',
  'allergies',
  'problems',
  'medications',
  'immunisations',
  'procedures',
  'carePlans',
  'appointments',
  'results',
  'encounters',
  'documents',
] as const
export type ItemSection = (typeof itemSections)[number]

const sectionOf: Readonly<Record<string, ItemSection>> = {
  Flag: 'alerts',
  AllergyIntolerance: 'allergies',
  Condition: 'problems',
  MedicationRequest: 'medications',
  MedicationStatement: 'medications',
  Immunization: 'immunisations',
  Procedure: 'procedures',
  CarePlan: 'carePlans',
  Appointment: 'appointments',
  Observation: 'results',
  Encounter: 'encounters',
  DocumentReference: 'documents',
}

/** An item as its publisher sent it, not as a store or the gateway tells of it. */
export interface PublishedItem {
  readonly section: ItemSection
  /** As `problems: Asthma`; a therapy and its issues have the same. */
  readonly name: string
}

/** What is published to a region of one of the demo's people, by `system|value` of its identifier. */
export function publishedItems(nhsNumber: string, region: DemoRegion): ReadonlyMap<string, PublishedItem> {
  const person = createPeople(new Date()).find((one) => one.nhsNumber === nhsNumber)
  const resources = (person?.bundles.get(region) ?? []).flatMap(({ entry }) =>
    entry.map(({ resource }) => resource as FhirResource),
  )
  return new Map(
    resources.flatMap((resource): [string, PublishedItem][] => {
      const section = sectionOf[resource.resourceType]
      return section === undefined
        ? []
        : [[toKey(resource.identifier[0]), { section, name: `${section}: ${toText(resource)}` }]]
    }),
  )
}

export function toKey({ system, value }: { readonly system: string; readonly value: string }): string {
  return `${system}|${value}`
}

// biome-ignore lint/suspicious/noExplicitAny: FHIR R4, as the demo makes it
type FhirResource = any

function toText({ description, title, type, code, vaccineCode, medicationCodeableConcept }: FhirResource): string {
  const [firstType] = Array.isArray(type) ? type : []
  return description ?? title ?? (firstType ?? code ?? vaccineCode ?? medicationCodeableConcept).text
}
