import { type Concept, coded } from './concept.ts'
import { itemResource } from './item-resource.ts'
import { type ItemContext, organisationReference, type Resource, referenceTo } from './resource.ts'

/** Someone who writes documents and looks after the patient, in a role of the publishing organisation. */
export interface Clinician {
  readonly name: string
  readonly role: Concept
}

/** A person of a role, by SDS job role code. */
export function clinician(name: string, roleCode: string, role: string): Clinician {
  return { name, role: coded('https://fhir.nhs.uk/CodeSystem/NHSDigital-SDS-JobRoleCode', roleCode, role) }
}

/** The practitioner and the role that refers to them; the last is the one to refer to. */
export function clinicianResources(
  context: ItemContext,
  { name, role }: Clinician,
): readonly [practitioner: Resource, role: Resource] {
  const practitioner = itemResource(
    context,
    { resourceType: 'Practitioner', about: name },
    {},
    { name: [{ text: name }] },
  )
  return [
    practitioner,
    itemResource(
      context,
      { resourceType: 'PractitionerRole', about: name },
      {},
      {
        active: true,
        practitioner: { ...referenceTo(practitioner), display: name },
        organization: organisationReference(context.organisation),
        code: [role],
      },
    ),
  ]
}
