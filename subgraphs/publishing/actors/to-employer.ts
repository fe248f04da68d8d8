import type * as Region from '../../../schema/generated/region.ts'
import { type Reference, toReferredType } from '../datatypes/reference.ts'
import type { Place } from '../resource-definition.ts'
import { encounterReference } from '../resources/encounter-reference.ts'
import { location } from '../resources/location.ts'
import { practitioner } from '../resources/practitioner.ts'
import { practitionerRole } from '../resources/practitioner-role.ts'
import { findRole } from './find-role.ts'
import { hasUnreadCode, toOrganisation } from './to-organisation.ts'

/**
 * The organisation behind a reference to an organisation, a person in a role, a person with one role in the Bundle, a location or an
 * encounter; null where none is known.
 */
export function toEmployer(reference: Reference | undefined, place: Place): Region.Organisation | null {
  if (!reference) return null
  const known = employers.get(reference)
  if (known !== undefined) return known
  const employer = findEmployer(reference, place)
  employers.set(reference, employer)
  return employer
}

/** A reference stands in one place only; a report asks for each of its performers once for each of its forms. */
const employers = new WeakMap<Reference, Region.Organisation | null>()

function findEmployer(reference: Reference, place: Place): Region.Organisation | null {
  const role = place.resolve(reference, practitionerRole) ?? findRole(place.resolve(reference, practitioner))
  if (role) return toOrganisation(role.resource.organization, role.place)
  const site = place.resolve(reference, location)
  if (site) return toOrganisation(site.resource.managingOrganization, site.place)
  const contact = place.resolve(reference, encounterReference)
  if (contact) return toOrganisation(contact.resource.serviceProvider, contact.place)
  // Where the reference does not say what it refers to, its display may be a person's name.
  const organisation = toOrganisation(reference, place)
  return organisation?.odsCode === null && toReferredType(reference) === undefined && reference.display === organisation.name ? null : organisation
}

/**
 * The first of these with an ODS code, as the source of an item must be; else the publisher. One with a code that is none leaves the source unknown:
 * the publisher in its place would overrule an opt-out from the organisation that is meant.
 */
export function toSourceOrganisation(references: readonly (Reference | undefined)[], place: Place, publisher: Region.Organisation): Region.Organisation {
  for (const reference of references) {
    const organisation = toEmployer(reference, place)
    if (organisation && (organisation.odsCode !== null || hasUnreadCode(organisation))) return organisation
  }
  return publisher
}
