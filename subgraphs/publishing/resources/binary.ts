import { z } from 'zod'
import { base64Binary, code } from '../datatypes/primitives.ts'
import { type ResourceDefinition, resourceShape } from '../resource-definition.ts'

const schema = z.object({ ...resourceShape, contentType: code, data: base64Binary.optional() }, 'Binary')

/** Referred to by documents: their content. */
export const binary: ResourceDefinition<z.infer<typeof schema>> = { type: 'Binary', schema }
