import { z } from 'zod'
import { codeableConcept, coding } from '../datatypes/concept.ts'
import { code, list, period } from '../datatypes/primitives.ts'
import { reference } from '../datatypes/reference.ts'
import { type ResourceDefinition, resourceShape } from '../resource-definition.ts'

const schema = z.object(
  {
    ...resourceShape,
    status: code,
    class: coding.optional(),
    type: list(codeableConcept),
    subject: reference.optional(),
    period: period.optional(),
    reasonCode: list(codeableConcept),
    reasonReference: list(reference),
    serviceProvider: reference.optional(),
  },
  'Encounter',
)

/** An encounter as others refer to it; apart from its mapper, for finding any item's organisation needs this. */
export const encounterReference: ResourceDefinition<z.infer<typeof schema>> = { type: 'Encounter', schema }
