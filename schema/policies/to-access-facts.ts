import type { TokenHolder } from '../access-token.ts'
import type { AccessContext } from '../assertion.ts'
import { findOrganisationRegions } from '../organisations.ts'
import type { AccessFacts, Purpose } from './facts.ts'

/** Combines the token's holder and the request's access context into facts. */
export function toAccessFacts(
  { id, role, organisation, areaOfWork, purpose }: TokenHolder,
  context: AccessContext,
  nowMs: number,
): AccessFacts {
  return {
    role: role.code,
    areaOfWork,
    organisation: organisation.odsCode,
    regions: findOrganisationRegions(organisation.odsCode),
    purpose: toPurpose(purpose, context.purpose),
    supervised: context.supervisor !== null && context.supervisor !== id,
    nowMs,
  }
}

/**
 * Decides the purpose from token and request. A request cannot widen a token that is limited to a purpose, so where
 * they differ it is OTHER.
 */
export function toPurpose(tokenPurpose: string | null, stated: string): Purpose {
  if (tokenPurpose !== null && tokenPurpose !== stated) return 'OTHER'
  return stated === 'DIRECT_CARE' || stated === 'EMERGENCY' ? stated : 'OTHER'
}
