import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import { toSupervisor } from './to-person-id.ts'

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

const defaultContexts = new WeakMap<TokenHolder, AccessContext>()

/** Completes the client's access context. Without one, a viewer gets the same object each time. */
export function toAccessContext(access: Partial<AccessContext> | null | undefined, holder: TokenHolder): AccessContext {
  if (!access) {
    const accessContext = defaultContexts.get(holder) ?? toDefaultContext(holder)
    defaultContexts.set(holder, accessContext)
    return accessContext
  }
  const { purpose, relationship, reason, supervisor } = access
  return {
    purpose: purpose ?? toDefaultPurpose(holder),
    relationship: relationship ?? null,
    reason: reason ?? null,
    supervisor: toSupervisor(supervisor),
  }
}
