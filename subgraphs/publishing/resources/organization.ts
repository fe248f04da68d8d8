import { z } from 'zod'
import { string } from '../datatypes/primitives.ts'
import { type ResourceDefinition, resourceShape } from '../resource-definition.ts'

const schema = z.object({ ...resourceShape, name: string.optional() }, 'Organization')

/** Referred to by others: ODS code and name. */
export const organization: ResourceDefinition<z.infer<typeof schema>> = { type: 'Organization', schema }
