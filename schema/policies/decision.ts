import type { Barrier, ItemOutcome, OverrideReason } from './facts.ts'

/** The values of ConsentCode in patient-view.graphql. */
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

/** A decision of a region's rules, reduced to what the viewer may know. */
export interface Decision<Code extends string = ConsentCode> {
  readonly code: Code
  /** Ids of the deciding rules that may be disclosed. */
  readonly rules: readonly string[]
  /** The `@says` texts of those rules. */
  readonly says: string
  readonly policyVersion: string
}

/** A standing barrier, and the reasons for which this region lets this viewer lift it. */
export interface BreakGlassOption {
  readonly barrier: Barrier
  readonly reasons: readonly OverrideReason[]
}

export interface ReleaseDecision extends Decision {
  /** Whether a permitted viewer gets the reply for a number never seen. The decision for such a number is the same. */
  readonly concealed: boolean
  /** Whether the region raises an alert, once per request. The viewer never sees it. */
  readonly alert: boolean
  readonly overridden: boolean
  /** Ids of the grants that this decision rests on. */
  readonly grants: readonly string[]
  readonly breakGlass: readonly BreakGlassOption[]
  /**
   * Milliseconds for which time alone cannot change this decision: the least of list time, expiries among the facts,
   * and midnight in London.
   */
  readonly standsForMs: number
  /** Whether the answer may be cached. An answer with confidentiality V is never cached, whatever this says. */
  readonly cacheable: boolean
}

/** The decision on one release class. Its rules are for audit and explanation, never for the viewer. */
export interface ItemDecision {
  readonly outcome: ItemOutcome
  readonly rules: readonly string[]
  readonly says: string
}

/**
 * The decision on a grant or permission. NO_BARRIER means that nothing stands to be lifted; an unknown number gets it
 * too.
 */
export interface GrantDecision extends Decision<ConsentCode | 'NO_BARRIER'> {
  readonly granted: boolean
  /** Lifetime in milliseconds; 0 if not granted. */
  readonly lastsMs: number
  readonly alert: boolean
}
