import { toPermissionRequest } from './cedar-request.ts'
import { decideRecord, evaluateBreakGlass } from './decide-record.ts'
import type { GrantDecision } from './decision.ts'
import type { Barrier, OverrideReason, PermissionBasis, ReleaseFacts } from './facts.ts'
import type { RuleEvaluator } from './rule-evaluator.ts'
import {
  findStandingBarriers,
  isAlerting,
  refusalCodeByBarrier,
  toDisclosedDenial,
  toDisclosedPermit,
  toExplanation,
  toRuleIds,
  type Verdict,
} from './verdict.ts'

/** A decision before the version of the policies is added. */
export type UnversionedGrantDecision = Omit<GrantDecision, 'policyVersion'>

export const notGranted = { granted: false, lastsMs: 0, alert: false } as const
const nothingToLift = {
  code: 'NO_BARRIER',
  rules: [],
  says: 'Nothing stands here that this could lift.',
  ...notGranted,
} as const

/**
 * Decides whether a viewer whom the access rules permit may break the glass. All other steps must permit and the
 * barrier must stand.
 */
export function decideBreakGlass(
  evaluate: RuleEvaluator,
  facts: ReleaseFacts,
  barrier: Barrier,
  reason: OverrideReason,
): UnversionedGrantDecision {
  // Earlier grants are ignored, so that breaking the glass again gets the same decision.
  const found = decideRecord(evaluate, facts.patient ? { ...facts, patient: { ...facts.patient, grants: [] } } : facts)
  const refused = found.outcome === 'permit' ? null : toDisclosedDenial(found)
  if (refused && !Object.values(refusalCodeByBarrier).some((code) => code === refused.code))
    return { ...refused, ...notGranted, alert: isAlerting(found) }
  const { patient } = found.facts
  if (patient === null || !findStandingBarriers(found).includes(barrier)) return nothingToLift
  const broken = evaluateBreakGlass(evaluate, { ...found.facts, patient }, barrier, reason)
  if (broken.outcome === 'permit') return toGranted(broken)
  const says = toExplanation(broken.rules) || 'This barrier is not lifted for this reason by this role.'
  return { code: refusalCodeByBarrier[barrier] ?? 'REFUSED_ROLE', rules: toRuleIds(broken.rules), says, ...notGranted }
}

/**
 * Decides whether a viewer whom the access rules permit may record a permission. A concealed patient is decided as an
 * unknown number.
 */
export function decidePermission(
  evaluate: RuleEvaluator,
  facts: ReleaseFacts,
  basis: PermissionBasis,
): UnversionedGrantDecision {
  const verdict = evaluate(toPermissionRequest(decideRecord(evaluate, facts).facts, basis))
  return verdict.outcome === 'permit'
    ? toGranted(verdict)
    : { ...toDisclosedDenial(verdict), ...notGranted, alert: isAlerting(verdict) }
}

function toGranted(verdict: Verdict): UnversionedGrantDecision {
  const lastsMs = Math.min(...verdict.rules.flatMap((rule) => rule.lastsMs ?? []))
  return { ...toDisclosedPermit(verdict.rules), granted: true, lastsMs, alert: isAlerting(verdict) }
}
