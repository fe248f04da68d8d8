import { z } from 'zod'
import type * as Region from '../../../schema/generated/region.ts'
import { code, string } from './primitives.ts'

export const contactPoint = z.object(
  { system: code.optional(), value: string.optional(), use: code.optional() },
  'ContactPoint',
)

/** Those that can still be used: with a value, and not of earlier use. */
export function toTelecom(points: readonly z.infer<typeof contactPoint>[] | undefined): readonly Region.ContactPoint[] {
  return (points ?? []).flatMap(({ system = 'other', value, use }) =>
    value === undefined || use === 'old' ? [] : [{ system, value, use: use ?? null }],
  )
}
