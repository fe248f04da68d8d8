import { z } from 'zod'
import { codeableConcept, toFirstConcept } from '../datatypes/concept.ts'
import { contactPoint, toTelecom } from '../datatypes/contact-point.ts'
import { humanName, toMainName } from '../datatypes/human-name.ts'
import { boolean, list } from '../datatypes/primitives.ts'
import { reference } from '../datatypes/reference.ts'
import { type ResourceDefinition, resourceShape } from '../resource-definition.ts'
import { toItem } from '../to-item.ts'

const schema = z.object(
  {
    ...resourceShape,
    active: boolean.optional(),
    patient: reference.optional(),
    relationship: list(codeableConcept),
    name: list(humanName),
    telecom: list(contactPoint),
  },
  'RelatedPerson',
)

/** A person in the patient's life, as a contact; one no longer active is superseded. */
export const relatedPerson: ResourceDefinition<z.infer<typeof schema>> = {
  type: 'RelatedPerson',
  schema,
  toSubjects: ({ patient }) => [{ reference: patient, path: 'patient' }],
  map(resource, entry) {
    const { active = true, relationship, name, telecom } = resource
    const item = toItem(resource, entry, {
      section: 'contacts',
      orderedBy: [],
      sources: [],
      lifecycle: active ? 'current' : 'superseded',
      fields: {
        name: toMainName(name)?.full ?? null,
        relationship: toFirstConcept(relationship),
        professional: false,
        worksFor: null,
        telecom: toTelecom(telecom),
      },
    })
    return { items: [item] }
  },
}
