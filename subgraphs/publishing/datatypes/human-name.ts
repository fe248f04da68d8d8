import { z } from 'zod'
import type * as Region from '../../../schema/generated/region.ts'
import { code, string, strings } from './primitives.ts'

export const humanName = z.object(
  {
    use: code.optional(),
    text: string.optional(),
    family: string.optional(),
    given: strings,
    prefix: strings,
    suffix: strings,
  },
  'HumanName',
)
export type FhirHumanName = z.infer<typeof humanName>

/** Null where it has no part that can be shown. */
export function toHumanName(name: FhirHumanName | undefined): Region.HumanName | null {
  if (!name) return null
  const { family, given = [], prefix = [], suffix = [] } = name
  const full = name.text ?? [...prefix, ...given, ...(family === undefined ? [] : [family]), ...suffix].join(' ')
  return full === '' ? null : { full, family: family ?? null, given, prefix }
}

/** The usual name, else the official one, else the first that is not an earlier one. */
export function toMainName(names: readonly FhirHumanName[] | undefined): Region.HumanName | null {
  const current = names?.filter((name) => name.use !== 'old' && name.use !== 'maiden')
  return toHumanName(
    current?.find((name) => name.use === 'usual') ?? current?.find((name) => name.use === 'official') ?? current?.[0],
  )
}
