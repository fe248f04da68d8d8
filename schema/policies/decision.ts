import type { Barrier, ItemOutcome, OverrideReason } from './facts.ts'

/** ConsentCode of patient-view.graphql. */
export const consentCodes = [
  'PERMITTED',
  'OVERRIDDEN',
  'PERMISSION_REQUIRED',
  'RELATIONSHIP_REQUIRED',
  'REFUSED_PURPOSE',
  'REFUSED_AGREEMENT',
  'REFUSED_ROLE',
  'REFUSED_SELF',
  'REFUSED_OPT_OUT',
] as const
export type ConsentCode = (typeof consentCodes)[number]

/** What a region's rules decided, as far as the viewer may be told. */
export interface Decision<Code extends string = ConsentCode> {
  readonly code: Code
  /** The ids of the rules that decided, and may be told. */
  readonly rules: readonly string[]
  /** The rules' own words. */
  readonly says: string
  readonly policyVersion: string
}

/** Reasons that this region takes from this viewer for lifting a barrier that stands. */
export interface BreakGlassOption {
  readonly barrier: Barrier
  readonly reasons: readonly OverrideReason[]
}

export interface ReleaseDecision extends Decision {
  /** Where the code permits: nothing of a record may be shown, and the reply is that for a number never seen. Such a number's decision is the same. */
  readonly concealed: boolean
  /** For the region's alerts, once per request; never for the viewer. */
  readonly alert: boolean
  readonly overridden: boolean
  /** Ids of the grants that this rests on. */
  readonly grants: readonly string[]
  readonly breakGlass: readonly BreakGlassOption[]
  /** How long this stands unchanged by time alone: the least of the region's list time, the expiries among the facts, and midnight in London. */
  readonly standsForMs: number
  /** Whether an answer under it may be kept at all; one that contains confidentiality V may not, whatever this says. */
  readonly cacheable: boolean
}

/** What became of one kind of item. The rules are for audit and explanation, never for the viewer. */
export interface ItemDecision {
  readonly outcome: ItemOutcome
  readonly rules: readonly string[]
  readonly says: string
}

/** Whether a grant or a permission may be given. NO_BARRIER: nothing stands here that it could lift, said alike of a number never seen. */
export interface GrantDecision extends Decision<ConsentCode | 'NO_BARRIER'> {
  readonly granted: boolean
  /** How long it is good for; 0 where it is not given. */
  readonly lastsMs: number
  readonly alert: boolean
}
