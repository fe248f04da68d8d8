import { z } from 'zod'
import { codeableConcept } from '../datatypes/concept.ts'
import { type ResourceDefinition, resourceShape } from '../resource-definition.ts'

const schema = z.object({ ...resourceShape, code: codeableConcept.optional() }, 'Medication')

/** Referred to by requests and statements: what the medicine is. */
export const medication: ResourceDefinition<z.infer<typeof schema>> = { type: 'Medication', schema }
