import type { z } from 'zod'
import type { Resolved, Resource, ResourceDefinition } from '../resource-definition.ts'
import { practitionerRole } from '../resources/practitioner-role.ts'

type PractitionerRole = z.infer<(typeof practitionerRole)['schema']>

const practitionerOf = ({ practitioner }: PractitionerRole) => (practitioner ? [practitioner] : [])

/** The role of a practitioner in the Bundle; null where it has none, or several, for then no one of them is meant. */
export function findRole(practitioner: Resolved<Resource> | null): Resolved<PractitionerRole> | null {
  const roles = practitioner?.place.referrers(practitionerRole as ResourceDefinition<PractitionerRole>, practitionerOf) ?? []
  return roles.length === 1 ? (roles[0] ?? null) : null
}
