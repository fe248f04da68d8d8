import { toBreakGlassQuestion, toReleaseQuestion } from './cedar-question.ts'
import { type Barrier, barriers, type Grant, type OverrideReason, type PatientFacts, type ReleaseFacts } from './facts.ts'
import type { RuleSet } from './rule-set.ts'
import { toCode, toStanding, type Verdict } from './verdict.ts'

export type KnownPatient = ReleaseFacts & { readonly patient: PatientFacts }

/** What steps 5 to 9 find. */
export interface RecordVerdict extends Verdict {
  /** The facts as far as they may show: a patient who must look unknown is null. */
  readonly facts: ReleaseFacts
  /** The grants that count, and why. */
  readonly grants: readonly { readonly grant: Grant; readonly verdict: Verdict }[]
  /** The barriers that those grants lift. */
  readonly lifted: readonly Barrier[]
  /** The barriers that still stand. */
  readonly standing: readonly Barrier[]
}

/** Steps 5 to 9 for a viewer whom the access rules permit. A grant counts while the rules would still give it, and its barrier stands. */
export function decideRecord(ask: RuleSet, facts: ReleaseFacts): RecordVerdict {
  const bare = ask(toReleaseQuestion(facts, []))
  const { patient } = facts
  if (patient === null) return { ...bare, facts, grants: [], lifted: [], standing: [] }
  // Decided as a number never seen, relationship and all: then nothing can tell the two apart.
  if (toCode(bare) === 'RELATIONSHIP_REQUIRED' || bare.rules.some(({ code }) => code === 'NOT_KNOWN')) return decideRecord(ask, { ...facts, patient: null })
  const standing = toStanding(bare)
  const grants = patient.grants
    .filter(({ barrier, untilMs }) => untilMs > facts.nowMs && standing.includes(barrier))
    .map((grant) => ({ grant, verdict: askToBreak(ask, { ...facts, patient }, grant.barrier, grant.reason) }))
    .filter(({ verdict }) => verdict.outcome === 'permit')
  if (grants.length === 0) return { ...bare, facts, grants, lifted: [], standing }
  const lifted = barriers.filter((barrier) => grants.some(({ grant }) => grant.barrier === barrier))
  const verdict = ask(toReleaseQuestion(facts, lifted))
  return { ...verdict, facts, grants, lifted, standing: toStanding(verdict).filter((barrier) => !lifted.includes(barrier)) }
}

/** Whether this viewer may lift this barrier for this reason. */
export function askToBreak(ask: RuleSet, facts: KnownPatient, barrier: Barrier, reason: OverrideReason): Verdict {
  return ask(toBreakGlassQuestion(facts, barrier, reason))
}
