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

/** The outcome of steps 5 to 9. */
export interface RecordVerdict extends Verdict {
  /** The facts that may be disclosed: `patient` is null for a concealed patient. */
  readonly facts: ReleaseFacts
  /** The grants that count, each with the verdict that would give it again. */
  readonly grants: readonly { readonly grant: Grant; readonly verdict: Verdict }[]
  /** The barriers that those grants lift. */
  readonly liftedBarriers: readonly Barrier[]
  /** The barriers that still stand. */
  readonly standingBarriers: readonly Barrier[]
}

/**
 * Decides steps 5 to 9 for a viewer whom the access rules permit. A grant counts while its barrier stands and a rule
 * would still give it.
 */
export function decideRecord(evaluate: RuleEvaluator, facts: ReleaseFacts): RecordVerdict {
  const withoutGrants = evaluate(toReleaseRequest(facts, []))
  const { patient } = facts
  if (patient === null) return { ...withoutGrants, facts, grants: [], liftedBarriers: [], standingBarriers: [] }
  // A concealed patient is decided as an unknown number, without the relationship, so that nothing distinguishes the
  // two.
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

/** Evaluates the rules that let this viewer lift this barrier for this reason. */
export function evaluateBreakGlass(
  evaluate: RuleEvaluator,
  facts: KnownPatientFacts,
  barrier: Barrier,
  reason: OverrideReason,
): Verdict {
  return evaluate(toBreakGlassRequest(facts, barrier, reason))
}
