import type { Purpose } from './facts.ts'

/** The purpose that token and request say together. A token may be limited to a purpose, and what is stated beside it cannot widen it: where they differ it is OTHER. */
export function toPurpose(tokenPurpose: string | null, stated: string): Purpose {
  if (tokenPurpose !== null && tokenPurpose !== stated) return 'OTHER'
  return stated === 'DIRECT_CARE' || stated === 'EMERGENCY' ? stated : 'OTHER'
}
