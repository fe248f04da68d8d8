import { z } from 'zod'
import { coding } from './concept.ts'
import { instant, labelList, string } from './primitives.ts'

export const meta = z.object(
  { versionId: string.optional(), lastUpdated: instant.optional(), security: labelList(coding) },
  'Meta',
)
export type Meta = z.infer<typeof meta>

const largestInt = 2 ** 31 - 1

/** The version, where the publisher numbers them within a GraphQL Int; else null. */
export function toVersion(meta: Meta | undefined): number | null {
  if (!/^\d{1,10}$/.test(meta?.versionId ?? '')) return null
  const version = Number(meta?.versionId)
  return version <= largestInt ? version : null
}
