import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import type { Policies } from '../../schema/policies/create-policies.ts'
import type { Decision } from '../../schema/policies/decision.ts'
import { toAccessFacts } from '../../schema/policies/to-access-facts.ts'

/** Whether a viewer may ask a region at all, by the region's own rules; a region that refuses gets no call. */
export type DecideAccess = (region: string, holder: TokenHolder, context: AccessContext) => Decision

/** Steps 2 to 4 of consent.md, by each region's policies under its code. Throws for a region without policies. */
export function createAccessDecider(policies: ReadonlyMap<string, Policies>, now: () => number): DecideAccess {
  return (region, holder, context) => {
    const own = policies.get(region)
    if (!own) throw new Error(`Expected policies of ${region}`)
    return own.decideAccess(toAccessFacts(holder, context, now()))
  }
}
