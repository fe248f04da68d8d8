import type { Moment } from './moment.ts'
import {
  type ItemContext,
  type ItemOptions,
  identifierSystem,
  mintUuid,
  patientReference,
  type Resource,
} from './resource.ts'

/** How old a version is whose story says no day. */
const undatedDaysAgo = 30

/** What an item is about: what it is known by where it has no key of its own. */
interface Subject {
  readonly resourceType: string
  readonly about: string
  readonly when?: Moment
}

/**
 * A resource with what all items share: id, business identifier, version instant and patient. It is known by publisher,
 * subject and key alone, so the same story told by two regions is the same item.
 */
export function itemResource(
  context: ItemContext,
  subject: Subject,
  options: ItemOptions,
  elements: Readonly<Record<string, unknown>>,
): Resource {
  const id = itemId(context, subject.resourceType, options.key ?? JSON.stringify([subject.about, subject.when ?? null]))
  const ownDaysAgo = typeof subject.when === 'object' ? Math.max(subject.when.daysAgo, 0) : undatedDaysAgo
  return {
    resourceType: subject.resourceType,
    id,
    meta: { lastUpdated: context.calendar.toInstant(options.updatedDaysAgo ?? ownDaysAgo) },
    identifier: [{ system: identifierSystem(context.organisation), value: id }],
    ...toPatient(subject.resourceType, context),
    ...elements,
  }
}

/** The id of an item with a key of its own, for those that refer to it. */
export function itemId(context: ItemContext, resourceType: string, key: string): string {
  return mintUuid(context.nhsNumber, context.organisation.odsCode, resourceType, key, context.salt)
}

const underPatient = new Set(['AllergyIntolerance', 'Immunization', 'Consent', 'RelatedPerson'])
const aboutNobody = new Set(['Appointment', 'Practitioner', 'PractitionerRole'])

function toPatient(resourceType: string, context: ItemContext): Readonly<Record<string, unknown>> {
  if (aboutNobody.has(resourceType)) return {}
  return { [underPatient.has(resourceType) ? 'patient' : 'subject']: patientReference(context.nhsNumber) }
}
