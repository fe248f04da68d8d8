import { z } from 'zod'
import { bundleLimits } from '../bundle-limits.ts'
import { identifier } from './identifier.ts'
import { string, uri } from './primitives.ts'

export const reference = z.object(
  {
    reference: string
      .refine((text) => text.length <= bundleLimits.url, `string of at most ${bundleLimits.url} characters`)
      .optional(),
    type: uri.optional(),
    identifier: identifier.optional(),
    display: string.optional(),
  },
  'Reference',
)
export type Reference = z.infer<typeof reference>

/** The type of resource that a reference says it refers to; undefined where it does not say. */
export function toReferredType({ type, reference }: Reference): string | undefined {
  return type ?? /(?:^|\/)([A-Z][A-Za-z]+)[/?][^/]/.exec(reference ?? '')?.[1]
}
