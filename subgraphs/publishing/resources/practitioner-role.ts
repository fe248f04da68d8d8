import { z } from 'zod'
import { codeableConcept } from '../datatypes/concept.ts'
import { list } from '../datatypes/primitives.ts'
import { reference } from '../datatypes/reference.ts'
import { type ResourceDefinition, resourceShape } from '../resource-definition.ts'

const schema = z.object(
  {
    ...resourceShape,
    practitioner: reference.optional(),
    organization: reference.optional(),
    code: list(codeableConcept),
    specialty: list(codeableConcept),
  },
  'PractitionerRole',
)

/** Referred to by others: who works where, as what. */
export const practitionerRole: ResourceDefinition<z.infer<typeof schema>> = { type: 'PractitionerRole', schema }
