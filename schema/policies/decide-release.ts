import { evaluateBreakGlass, type KnownPatientFacts, type RecordVerdict } from './decide-record.ts'
import type { BreakGlassOption, Decision, ReleaseDecision } from './decision.ts'
import { type Barrier, overrideReasons, type ReleaseFacts } from './facts.ts'
import { untilLondonMidnightMs } from './policy-dates.ts'
import type { RuleEvaluator } from './rule-evaluator.ts'
import { isAlerting, refusalCodeByBarrier, toDisclosedConsentDenial, toDisclosedPermit } from './verdict.ts'

export interface ReleaseOptions {
  readonly evaluate: RuleEvaluator
  readonly policyVersion: string
  /** Longest time in milliseconds for which a list may be cached. */
  readonly listMs: number
}

const plain = { concealed: false, alert: false, overridden: false, grants: [], breakGlass: [] } as const

/** Converts a refusal by the access rules, which read no fact of the patient. */
export function toRefusedReleaseDecision(
  access: Decision,
  { nowMs }: ReleaseFacts,
  { listMs }: Pick<ReleaseOptions, 'listMs'>,
): ReleaseDecision {
  return { ...plain, ...access, standsForMs: Math.min(listMs, untilLondonMidnightMs(nowMs)), cacheable: false }
}

/** Converts a verdict on a record into the decision that store and gateway act on. */
export function toReleaseDecision(
  found: RecordVerdict,
  { evaluate, policyVersion, listMs }: ReleaseOptions,
): ReleaseDecision {
  const { facts, outcome, rules, grants, standingBarriers } = found
  const disclosed = outcome === 'permit' ? toDisclosedPermit(rules) : toDisclosedConsentDenial(found)
  const standsForMs = Math.min(listMs, untilLondonMidnightMs(facts.nowMs), ...listExpiries(facts))
  const decided: ReleaseDecision = {
    ...plain,
    ...disclosed,
    policyVersion,
    alert: isAlerting(found),
    standsForMs,
    cacheable: false,
  }
  const { patient } = facts
  if (patient === null) return { ...decided, concealed: outcome === 'permit' }
  const breakGlass = listBreakGlassOptions(
    evaluate,
    { ...facts, patient },
    outcome === 'permit' ? standingBarriers : findLiftableBarriers(found),
  )
  if (outcome !== 'permit' || grants.length === 0) return { ...decided, breakGlass, cacheable: !patient.sensitive }
  const overriding = grants.flatMap(({ verdict }) => verdict.rules)
  return {
    ...decided,
    ...toDisclosedPermit([...overriding, ...rules]),
    code: 'OVERRIDDEN',
    overridden: true,
    grants: grants.map(({ grant }) => grant.id),
    breakGlass,
    alert: decided.alert || overriding.some(({ alert }) => alert !== null),
  }
}

/** Finds the barriers that break glass could lift: those that refuse, unless something else refuses too. */
function findLiftableBarriers({ rules, standingBarriers }: RecordVerdict): readonly Barrier[] {
  const refusing = standingBarriers.filter((barrier) => refusalCodeByBarrier[barrier] !== null)
  return rules.every(({ code }) => refusing.some((barrier) => refusalCodeByBarrier[barrier] === code)) ? refusing : []
}

function listBreakGlassOptions(
  evaluate: RuleEvaluator,
  facts: KnownPatientFacts,
  standing: readonly Barrier[],
): readonly BreakGlassOption[] {
  return standing
    .map((barrier) => ({
      barrier,
      reasons: overrideReasons.filter(
        (reason) => evaluateBreakGlass(evaluate, facts, barrier, reason).outcome === 'permit',
      ),
    }))
    .filter(({ reasons }) => reasons.length > 0)
}

function listExpiries({ patient, nowMs }: ReleaseFacts): readonly number[] {
  const ends = [patient?.permissionUntilMs ?? null, ...(patient?.grants ?? []).map(({ untilMs }) => untilMs)]
  return ends.flatMap((endMs) => (endMs !== null && endMs > nowMs ? [endMs - nowMs] : []))
}
