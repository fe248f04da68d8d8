import { toBreakGlassRequest, toReleaseRequest } from './cedar-request.ts'
import {
  type Barrier,
  barriers,
  type Grant,
  type OverrideReason,
  type PatientFacts,
  type ReleaseFacts,
} from './facts.ts'
import type { RuleEvaluator } from './rule-evaluator.ts'
import { findRefusalCode, findStandingBarriers, type Verdict } from './verdict.ts'

export type KnownPatientFacts = ReleaseFacts & { readonly patient: PatientFacts }

/** What steps 5 to 9 find. */
export interface RecordVerdict extends Verdict {
  /** The facts as far as they may show: a patient who must look unknown is null. */
  readonly facts: ReleaseFacts
  /** The grants that count, and why. */
  readonly grants: readonly { readonly grant: Grant; readonly verdict: Verdict }[]
  /** The barriers that those grants lift. */
  readonly liftedBarriers: readonly Barrier[]
  /** The barriers that still stand. */
  readonly standingBarriers: readonly Barrier[]
}

/** Steps 5 to 9 for a viewer whom the access rules permit. A grant counts while the rules would still give it, and its barrier stands. */
export function decideRecord(evaluate: RuleEvaluator, facts: ReleaseFacts): RecordVerdict {
  const withoutGrants = evaluate(toReleaseRequest(facts, []))
  const { patient } = facts
  if (patient === null) return { ...withoutGrants, facts, grants: [], liftedBarriers: [], standingBarriers: [] }
  // Decided as a number never seen, relationship and all: then nothing can tell the two apart.
  if (
    findRefusalCode(withoutGrants) === 'RELATIONSHIP_REQUIRED' ||
    withoutGrants.rules.some(({ code }) => code === 'NOT_KNOWN')
  )
    return decideRecord(evaluate, { ...facts, patient: null })
  const standingBarriers = findStandingBarriers(withoutGrants)
  const grants = patient.grants
    .filter(({ barrier, untilMs }) => untilMs > facts.nowMs && standingBarriers.includes(barrier))
    .map((grant) => ({
      grant,
      verdict: evaluateBreakGlass(evaluate, { ...facts, patient }, grant.barrier, grant.reason),
    }))
    .filter(({ verdict }) => verdict.outcome === 'permit')
  if (grants.length === 0)
    return { ...withoutGrants, facts, grants, liftedBarriers: [], standingBarriers: standingBarriers }
  const liftedBarriers = barriers.filter((barrier) => grants.some(({ grant }) => grant.barrier === barrier))
  const verdict = evaluate(toReleaseRequest(facts, liftedBarriers))
  return {
    ...verdict,
    facts,
    grants,
    liftedBarriers,
    standingBarriers: findStandingBarriers(verdict).filter((barrier) => !liftedBarriers.includes(barrier)),
  }
}

/** Whether this viewer may lift this barrier for this reason. */
export function evaluateBreakGlass(
  evaluate: RuleEvaluator,
  facts: KnownPatientFacts,
  barrier: Barrier,
  reason: OverrideReason,
): Verdict {
  return evaluate(toBreakGlassRequest(facts, barrier, reason))
}
