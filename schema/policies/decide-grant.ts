import { toPermissionQuestion } from './cedar-question.ts'
import { askToBreak, decideRecord } from './decide-record.ts'
import type { GrantDecision } from './decision.ts'
import type { Barrier, OverrideReason, PermissionBasis, ReleaseFacts } from './facts.ts'
import type { RuleSet } from './rule-set.ts'
import { isAlerting, refusalOf, toIds, toPermitted, toRefused, toStanding, toWords, type Verdict } from './verdict.ts'

/** A decision before it bears the version of the policies. */
export type Unversioned = Omit<GrantDecision, 'policyVersion'>

export const notGranted = { granted: false, lastsMs: 0, alert: false } as const
const nothingToLift = { code: 'NO_BARRIER', rules: [], says: 'Nothing stands here that this could lift.', ...notGranted } as const

/** Whether the glass is broken, for a viewer whom the access rules permit: once the steps before the barriers permit, and the barrier stands. */
export function decideBreakGlass(ask: RuleSet, facts: ReleaseFacts, barrier: Barrier, reason: OverrideReason): Unversioned {
  // Whether it was broken before makes no difference.
  const found = decideRecord(ask, facts.patient ? { ...facts, patient: { ...facts.patient, grants: [] } } : facts)
  const refused = found.outcome === 'permit' ? null : toRefused(found)
  if (refused && !Object.values(refusalOf).some((code) => code === refused.code)) return { ...refused, ...notGranted, alert: isAlerting(found) }
  const { patient } = found.facts
  if (patient === null || !toStanding(found).includes(barrier)) return nothingToLift
  const broken = askToBreak(ask, { ...found.facts, patient }, barrier, reason)
  if (broken.outcome === 'permit') return toGranted(broken)
  const says = toWords(broken.rules) || 'This barrier is not lifted for this reason by this role.'
  return { code: refusalOf[barrier] ?? 'REFUSED_ROLE', rules: toIds(broken.rules), says, ...notGranted }
}

/** Whether a permission is recorded, for a viewer whom the access rules permit; a patient who must look unknown is decided as one. */
export function decidePermission(ask: RuleSet, facts: ReleaseFacts, basis: PermissionBasis): Unversioned {
  const verdict = ask(toPermissionQuestion(decideRecord(ask, facts).facts, basis))
  return verdict.outcome === 'permit' ? toGranted(verdict) : { ...toRefused(verdict), ...notGranted, alert: isAlerting(verdict) }
}

function toGranted(verdict: Verdict): Unversioned {
  const lastsMs = Math.min(...verdict.rules.flatMap((rule) => rule.lastsMs ?? []))
  return { ...toPermitted(verdict.rules), granted: true, lastsMs, alert: isAlerting(verdict) }
}
