import { askToBreak, type KnownPatient, type RecordVerdict } from './decide-record.ts'
import type { BreakGlassOption, Decision, ReleaseDecision } from './decision.ts'
import { type Barrier, overrideReasons, type ReleaseFacts } from './facts.ts'
import { untilLondonMidnightMs } from './protecting-dates.ts'
import type { RuleSet } from './rule-set.ts'
import { isAlerting, refusalOf, toPermitted, toRefusedConsent } from './verdict.ts'

export interface ReleaseOptions {
  readonly ask: RuleSet
  readonly policyVersion: string
  /** How long a list may be kept. */
  readonly listMs: number
}

const plain = { concealed: false, alert: false, overridden: false, grants: [], breakGlass: [] } as const

/** A refusal of the access rules, which no fact of the patient enters. */
export function toRefusedRelease(access: Decision, { nowMs }: ReleaseFacts, { listMs }: Pick<ReleaseOptions, 'listMs'>): ReleaseDecision {
  return { ...plain, ...access, standsForMs: Math.min(listMs, untilLondonMidnightMs(nowMs)), cacheable: false }
}

/** What is told of a verdict on a record, and what stores and gateway need to know of it. */
export function toRelease(found: RecordVerdict, { ask, policyVersion, listMs }: ReleaseOptions): ReleaseDecision {
  const { facts, outcome, rules, grants, standing } = found
  const told = outcome === 'permit' ? toPermitted(rules) : toRefusedConsent(found)
  const standsForMs = Math.min(listMs, untilLondonMidnightMs(facts.nowMs), ...toExpiries(facts))
  const decided: ReleaseDecision = { ...plain, ...told, policyVersion, alert: isAlerting(found), standsForMs, cacheable: false }
  const { patient } = facts
  if (patient === null) return { ...decided, concealed: outcome === 'permit' }
  const breakGlass = toOptions(ask, { ...facts, patient }, outcome === 'permit' ? standing : toLiftable(found))
  if (outcome !== 'permit' || grants.length === 0) return { ...decided, breakGlass, cacheable: !patient.sensitive }
  const overriding = grants.flatMap(({ verdict }) => verdict.rules)
  return {
    ...decided,
    ...toPermitted([...overriding, ...rules]),
    code: 'OVERRIDDEN',
    overridden: true,
    grants: grants.map(({ grant }) => grant.id),
    breakGlass,
    alert: decided.alert || overriding.some(({ alert }) => alert !== null),
  }
}

/** What would lift a refusal: the barriers that refuse, where nothing else does. */
function toLiftable({ rules, standing }: RecordVerdict): readonly Barrier[] {
  const refusing = standing.filter((barrier) => refusalOf[barrier] !== null)
  return rules.every(({ code }) => refusing.some((barrier) => refusalOf[barrier] === code)) ? refusing : []
}

function toOptions(ask: RuleSet, facts: KnownPatient, standing: readonly Barrier[]): readonly BreakGlassOption[] {
  return standing
    .map((barrier) => ({ barrier, reasons: overrideReasons.filter((reason) => askToBreak(ask, facts, barrier, reason).outcome === 'permit') }))
    .filter(({ reasons }) => reasons.length > 0)
}

function toExpiries({ patient, nowMs }: ReleaseFacts): readonly number[] {
  const ends = [patient?.permissionUntilMs ?? null, ...(patient?.grants ?? []).map(({ untilMs }) => untilMs)]
  return ends.flatMap((endMs) => (endMs !== null && endMs > nowMs ? [endMs - nowMs] : []))
}
