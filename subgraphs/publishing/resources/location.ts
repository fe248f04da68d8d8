import { z } from 'zod'
import { string } from '../datatypes/primitives.ts'
import { reference } from '../datatypes/reference.ts'
import { type ResourceDefinition, resourceShape } from '../resource-definition.ts'

const schema = z.object(
  { ...resourceShape, name: string.optional(), managingOrganization: reference.optional() },
  'Location',
)

/** Referred to by others: a place's name, and whose it is. */
export const location: ResourceDefinition<z.infer<typeof schema>> = { type: 'Location', schema }
