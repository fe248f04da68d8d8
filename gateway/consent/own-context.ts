import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import { toDefaultPurpose } from './default-purpose.ts'

/** The access context of a request that states none: changes, and privacy officers' queries. */
export function toOwnContext(holder: TokenHolder, relationship: AccessContext['relationship'] = null): AccessContext {
  return { purpose: toDefaultPurpose(holder), relationship, reason: null, supervisor: null }
}
