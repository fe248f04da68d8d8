import { type Calendar, daysAgo } from './moment.ts'
import { type Organisation, viewersOrganisation } from './organisation.ts'
import { patientResources } from './patient.ts'
import type { DemoRegion, Person, Records } from './person.ts'
import { referral } from './referral.ts'
import {
  type Item,
  type ItemContext,
  identifierSystem,
  mintUuid,
  organisationReference,
  type Resource,
} from './resource.ts'

/** A FHIR R4 transaction Bundle that names its publisher, as the assigner of its identifier. */
export interface Bundle {
  readonly resourceType: 'Bundle'
  readonly type: 'transaction'
  readonly identifier: {
    readonly system: string
    readonly value: string
    readonly assigner: { readonly identifier: { readonly value: string }; readonly display: string }
  }
  readonly timestamp: string
  readonly entry: readonly BundleEntry[]
}

export interface BundleEntry {
  readonly fullUrl: string
  readonly resource: Resource
  readonly request: { readonly method: 'PUT'; readonly url: string }
}

/**
 * A Bundle from the practice, which holds the demographic record and the referrals, and one from each other
 * organisation that published to the region.
 */
export function toBundles(person: Person, region: DemoRegion, calendar: Calendar): readonly Bundle[] {
  const holding = person.holds[region]
  if (person.identity === null || holding === undefined) return []
  const identity = { ...person.identity, ...holding.identity }
  const isFromPractice = ({ organisation }: Records) => organisation.odsCode === identity.practice.odsCode
  const referrals = (person.referredTo ?? [viewersOrganisation]).map((to) => referral(to, daysAgo(1)))
  const practiceItems = [...referrals, ...holding.records.filter(isFromPractice).flatMap(({ items }) => items)]
  const toContext = (organisation: Organisation) => ({ nhsNumber: person.nhsNumber, organisation, calendar, salt: '' })
  const practice = toContext(identity.practice)
  return [
    toBundle(practice, [...patientResources(practice, identity), ...toResources(practiceItems, practice)]),
    ...holding.records
      .filter((records) => !isFromPractice(records))
      .map(({ organisation, items }) => toBundle(toContext(organisation), toResources(items, toContext(organisation)))),
  ]
}

/** Who published the Bundle. */
export function publisherOf(bundle: Bundle): Organisation {
  return { odsCode: bundle.identifier.assigner.identifier.value, name: bundle.identifier.assigner.display }
}

function toResources(items: readonly Item[], context: ItemContext): readonly Resource[] {
  return items.flatMap((item) => item(context))
}

function toBundle({ nhsNumber, organisation, calendar }: ItemContext, resources: readonly Resource[]): Bundle {
  const bundle: Bundle = {
    resourceType: 'Bundle',
    type: 'transaction',
    identifier: {
      system: identifierSystem(organisation),
      value: mintUuid('Bundle', nhsNumber, organisation.odsCode),
      assigner: organisationReference(organisation),
    },
    timestamp: calendar.toInstant(0),
    entry: distinct(resources).map((resource) => ({
      fullUrl: `urn:uuid:${resource.id}`,
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    })),
  }
  // As it would arrive over HTTP: without the elements that a story leaves undefined.
  return JSON.parse(JSON.stringify(bundle))
}

/** A clinician who wrote several documents is in the Bundle once. */
function distinct(resources: readonly Resource[]): readonly Resource[] {
  return [...new Map(resources.map((resource) => [resource.id, resource])).values()]
}
