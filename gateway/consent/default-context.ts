import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'

/** Returns the access context of a request that states none, such as a mutation or a privacy officer's query. */
export function toDefaultContext(
  holder: TokenHolder,
  relationship: AccessContext['relationship'] = null,
): AccessContext {
  return { purpose: toDefaultPurpose(holder), relationship, reason: null, supervisor: null }
}

/**
 * Returns the purpose of a request that states none: the token's, which may be limited to emergencies, or direct
 * care.
 */
export function toDefaultPurpose({ purpose }: TokenHolder): AccessContext['purpose'] {
  return purpose === 'EMERGENCY' ? 'EMERGENCY' : 'DIRECT_CARE'
}
