import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'

/** The access context of a request that states none: changes, and privacy officers' queries. */
export function toDefaultContext(
  holder: TokenHolder,
  relationship: AccessContext['relationship'] = null,
): AccessContext {
  return { purpose: toDefaultPurpose(holder), relationship, reason: null, supervisor: null }
}

/** The purpose of use where a request states none: a token may be limited to emergencies. */
export function toDefaultPurpose({ purpose }: TokenHolder): AccessContext['purpose'] {
  return purpose === 'EMERGENCY' ? 'EMERGENCY' : 'DIRECT_CARE'
}
