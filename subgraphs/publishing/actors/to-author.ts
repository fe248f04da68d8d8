import type * as Region from '../../../schema/generated/region.ts'
import { toFirstConcept } from '../datatypes/concept.ts'
import { toMainName } from '../datatypes/human-name.ts'
import { type Reference, toReferredType } from '../datatypes/reference.ts'
import type { ReferenceContext } from '../resource-definition.ts'
import { practitioner } from '../resources/practitioner.ts'
import { practitionerRole } from '../resources/practitioner-role.ts'
import { findRole, toEmployer } from './to-employer.ts'

/**
 * The author of a document: its first person, with role, and the organisation of that person or of the first author
 * that is one.
 */
export function toAuthor(
  references: readonly Reference[] | undefined,
  context: ReferenceContext,
): Region.Author | null {
  const authors = (references ?? []).map((reference) => toPerson(reference, context))
  const person = authors.find((author) => author.name !== null || author.role !== null) ?? {
    name: null,
    role: null,
    organisation: null,
  }
  const organisation =
    person.organisation ?? authors.find((author) => author.organisation !== null)?.organisation ?? null
  return person.name === null && person.role === null && organisation === null ? null : { ...person, organisation }
}

/** The name, role and organisation of the person that a reference names; of an organisation, only that. */
export function toPerson(reference: Reference, context: ReferenceContext): Region.Author {
  const ownRole = context.resolve(reference, practitionerRole)
  const person = ownRole
    ? ownRole.context.resolve(ownRole.resource.practitioner, practitioner)
    : context.resolve(reference, practitioner)
  const role = ownRole ?? findRole(person)
  const organisation = toEmployer(reference, context)
  const display =
    toReferredType(reference) === 'Organization' || organisation?.name === reference.display
      ? undefined
      : reference.display
  const name = toMainName(person?.resource.name)?.full ?? ownRole?.resource.practitioner?.display ?? display ?? null
  return { name, role: toFirstConcept(role?.resource.code), organisation }
}
