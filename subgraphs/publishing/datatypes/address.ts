import { z } from 'zod'
import type * as Region from '../../../schema/generated/region.ts'
import { code, string, strings } from './primitives.ts'

export const address = z.object(
  {
    use: code.optional(),
    text: string.optional(),
    line: strings,
    city: string.optional(),
    postalCode: string.optional(),
  },
  'Address',
)

/** The home address, else the first that is not an earlier one. */
export function toMainAddress(addresses: readonly z.infer<typeof address>[] | undefined): Region.Address | null {
  const current = addresses?.filter((one) => one.use !== 'old')
  const main = current?.find((one) => one.use === 'home') ?? current?.[0]
  if (!main) return null
  return {
    lines: main.line ?? (main.text === undefined ? [] : [main.text]),
    city: main.city ?? null,
    postcode: main.postalCode ?? null,
  }
}
