import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import { cachedStringify } from '../../schema/cached-stringify.ts'
import type { Policies } from '../../schema/policies/create-policies.ts'
import type { Decision } from '../../schema/policies/decision.ts'
import { untilLondonMidnightMs } from '../../schema/policies/policy-dates.ts'
import { toAccessFacts } from '../../schema/policies/to-access-facts.ts'

/** Decides by a region's own rules whether a viewer may ask it at all. A region that refuses receives no request. */
export type DecideAccess = (region: string, holder: TokenHolder, context: AccessContext) => Decision

/** The decisions of one day in London; the rules read no finer time. */
interface DecisionsOfDay {
  readonly fromMs: number
  readonly untilMs: number
  /** By token holder (one object while its token is cached), then region, then the context's JSON. */
  readonly decisions: WeakMap<TokenHolder, Map<string, Map<string, Decision>>>
}

const maxContexts = 32

/**
 * Applies steps 2 to 4 of schema/policies/README.md, by each region's policies under its code. Throws for a region
 * without policies.
 */
export function createAccessDecider(policies: ReadonlyMap<string, Policies>, now: () => number): DecideAccess {
  let day: DecisionsOfDay = { fromMs: 0, untilMs: 0, decisions: new WeakMap() }
  const toCurrentDay = (nowMs: number): DecisionsOfDay => {
    if (nowMs < day.fromMs || nowMs >= day.untilMs)
      day = { fromMs: nowMs, untilMs: nowMs + untilLondonMidnightMs(nowMs), decisions: new WeakMap() }
    return day
  }
  return (region, holder, context) => {
    const regionPolicies = policies.get(region)
    if (!regionPolicies) throw new Error(`Expected policies of ${region}`)
    const nowMs = now()
    const { decisions } = toCurrentDay(nowMs)
    const contextKey = cachedStringify(context)
    const cached = decisions.get(holder)?.get(region)?.get(contextKey)
    if (cached) return cached
    const decision = regionPolicies.decideAccess(toAccessFacts(holder, context, nowMs))
    cacheDecision(decisions, [holder, region, contextKey], decision)
    return decision
  }
}

function cacheDecision(
  decisions: DecisionsOfDay['decisions'],
  [holder, region, context]: readonly [TokenHolder, string, string],
  decision: Decision,
): void {
  const regions = decisions.get(holder) ?? new Map<string, Map<string, Decision>>()
  const contexts = regions.get(region) ?? new Map<string, Decision>()
  if (contexts.size >= maxContexts) contexts.clear()
  decisions.set(holder, regions.set(region, contexts.set(context, decision)))
}
