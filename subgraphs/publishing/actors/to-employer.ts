import type { z } from 'zod'
import type * as Region from '../../../schema/generated/region.ts'
import { type Reference, toReferredType } from '../datatypes/reference.ts'
import type { ReferenceContext, ResolvedResource, Resource, ResourceDefinition } from '../resource-definition.ts'
import { encounterReference } from '../resources/encounter-reference.ts'
import { location } from '../resources/location.ts'
import { practitioner } from '../resources/practitioner.ts'
import { practitionerRole } from '../resources/practitioner-role.ts'
import { hasUnreadCode, toOrganisation } from './to-organisation.ts'

/**
 * The organisation behind a reference to an organisation, a person in a role, a person with one role in the Bundle, a
 * location or an encounter; null where none is known.
 */
export function toEmployer(reference: Reference | undefined, context: ReferenceContext): Region.Organisation | null {
  if (!reference) return null
  const known = employers.get(reference)
  if (known !== undefined) return known
  const employer = findEmployer(reference, context)
  employers.set(reference, employer)
  return employer
}

/** A reference stands in one place only; a report asks for each of its performers once for each of its forms. */
const employers = new WeakMap<Reference, Region.Organisation | null>()

function findEmployer(reference: Reference, context: ReferenceContext): Region.Organisation | null {
  const role = context.resolve(reference, practitionerRole) ?? findRole(context.resolve(reference, practitioner))
  if (role) return toOrganisation(role.resource.organization, role.context)
  const site = context.resolve(reference, location)
  if (site) return toOrganisation(site.resource.managingOrganization, site.context)
  const contact = context.resolve(reference, encounterReference)
  if (contact) return toOrganisation(contact.resource.serviceProvider, contact.context)
  // Where the reference does not say what it refers to, its display may be a person's name.
  const organisation = toOrganisation(reference, context)
  return organisation?.odsCode === null &&
    toReferredType(reference) === undefined &&
    reference.display === organisation.name
    ? null
    : organisation
}

/**
 * The first of these with an ODS code, as the source of an item must be; else the publisher. One with a code that is
 * none leaves the source unknown: the publisher in its place would overrule an opt-out from the organisation that is
 * meant.
 */
export function toSourceOrganisation(
  references: readonly (Reference | undefined)[],
  context: ReferenceContext,
  publisher: Region.Organisation,
): Region.Organisation {
  for (const reference of references) {
    const organisation = toEmployer(reference, context)
    if (organisation && (organisation.odsCode !== null || hasUnreadCode(organisation))) return organisation
  }
  return publisher
}

type PractitionerRole = z.infer<(typeof practitionerRole)['schema']>

const practitionerOf = ({ practitioner }: PractitionerRole) => (practitioner ? [practitioner] : [])

/** The role of a practitioner in the Bundle; null where it has none, or several, for then no one of them is meant. */
export function findRole(practitioner: ResolvedResource<Resource> | null): ResolvedResource<PractitionerRole> | null {
  const roles =
    practitioner?.context.findReferrers(practitionerRole as ResourceDefinition<PractitionerRole>, practitionerOf) ?? []
  return roles.length === 1 ? (roles[0] ?? null) : null
}
