import { z } from 'zod'
import { base64Binary, code, dateTime, integer, string, uri } from './primitives.ts'

export const attachment = z.object(
  {
    contentType: code.optional(),
    language: code.optional(),
    data: base64Binary.optional(),
    url: uri.optional(),
    size: integer.optional(),
    hash: base64Binary.optional(),
    title: string.optional(),
    creation: dateTime.optional(),
  },
  'Attachment',
)
export type Attachment = z.infer<typeof attachment>
