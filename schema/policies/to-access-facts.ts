import type { TokenHolder } from '../access-token.ts'
import type { AccessContext } from '../assertion.ts'
import { findOrganisationRegions } from '../organisations.ts'
import type { AccessFacts, Purpose } from './facts.ts'

/** Who asks and why, as token and request say it together. */
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

/** The purpose that token and request say together. A token may be limited to a purpose, and what is stated beside it cannot widen it: where they differ it is OTHER. */
export function toPurpose(tokenPurpose: string | null, stated: string): Purpose {
  if (tokenPurpose !== null && tokenPurpose !== stated) return 'OTHER'
  return stated === 'DIRECT_CARE' || stated === 'EMERGENCY' ? stated : 'OTHER'
}
