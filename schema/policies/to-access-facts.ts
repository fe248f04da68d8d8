import type { TokenHolder } from '../access-token.ts'
import type { AccessContext } from '../assertion.ts'
import { regionsOf } from '../organisations.ts'
import type { AccessFacts } from './facts.ts'
import { toPurpose } from './to-purpose.ts'

/** Who asks and why, as token and request say it together. */
export function toAccessFacts({ id, role, organisation, areaOfWork, purpose }: TokenHolder, context: AccessContext, nowMs: number): AccessFacts {
  return {
    role: role.code,
    areaOfWork,
    organisation: organisation.odsCode,
    regions: regionsOf(organisation.odsCode),
    purpose: toPurpose(purpose, context.purpose),
    supervised: context.supervisor !== null && context.supervisor !== id,
    nowMs,
  }
}
