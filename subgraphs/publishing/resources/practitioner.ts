import { z } from 'zod'
import { humanName } from '../datatypes/human-name.ts'
import { list } from '../datatypes/primitives.ts'
import { type ResourceDefinition, resourceShape } from '../resource-definition.ts'

const schema = z.object({ ...resourceShape, name: list(humanName) }, 'Practitioner')

/** Referred to by others: the name. */
export const practitioner: ResourceDefinition<z.infer<typeof schema>> = { type: 'Practitioner', schema }
