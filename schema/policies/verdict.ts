import type { ConsentCode } from './decision.ts'
import { type Barrier, barriers } from './facts.ts'
import { type RefusalCode, type Rule, refusalCodes } from './rule.ts'

/** The answer of the rules to one request. */
export interface Verdict {
  readonly outcome: 'permit' | 'deny' | 'error'
  /** The rules that hold, in file order; for a denial the forbids alone, and none where nothing permits. */
  readonly rules: readonly Rule[]
}

/** The part of a verdict that may be disclosed. */
export interface DisclosedVerdict<Code extends string = ConsentCode> {
  readonly code: Code
  readonly rules: readonly string[]
  readonly says: string
}

/**
 * The refusal of each barrier. CONFIDENTIALITY concerns items and always stands, so that it reveals nothing about them.
 */
export const refusalCodeByBarrier = {
  OPT_OUT: 'REFUSED_OPT_OUT',
  PERMISSION: 'PERMISSION_REQUIRED',
  CONFIDENTIALITY: null,
} as const satisfies Record<Barrier, RefusalCode | null>

/** Finds the barriers that a verdict leaves standing. */
export function findStandingBarriers({ rules }: Verdict): readonly Barrier[] {
  return barriers.filter(
    (barrier) =>
      refusalCodeByBarrier[barrier] === null || rules.some(({ code }) => code === refusalCodeByBarrier[barrier]),
  )
}

/** Converts a permit to its disclosed form. */
export function toDisclosedPermit(rules: readonly Rule[]): DisclosedVerdict {
  return { code: 'PERMITTED', rules: toRuleIds(rules), says: toExplanation(rules) }
}

/** Finds the disclosed code of a denial: the first that holds in the order of deciding, or REFUSED_ROLE. */
export function findRefusalCode({ rules }: Verdict): RefusalCode {
  return refusalCodes.find((code) => rules.some((rule) => rule.code === code)) ?? 'REFUSED_ROLE'
}

/** Converts a denial to its disclosed form. */
export function toDisclosedDenial(verdict: Verdict): DisclosedVerdict<ConsentCode | 'NO_BARRIER'> {
  const code = findRefusalCode(verdict)
  const disclosed = verdict.rules.filter((rule) => rule.code === code)
  // A concealed number gets the same denial as a viewer whom no rule permits anything.
  if (code === 'NOT_KNOWN' || disclosed.length === 0)
    return { code: 'REFUSED_ROLE', rules: [], says: 'Nothing permits this to this role.' }
  return { code, rules: toRuleIds(disclosed), says: toExplanation(disclosed) }
}

/** Converts a denial of asking or of a record. parse-rules.ts refuses NO_BARRIER on both. */
export function toDisclosedConsentDenial(verdict: Verdict): DisclosedVerdict {
  const { code, ...told } = toDisclosedDenial(verdict)
  return { code: code === 'NO_BARRIER' ? 'REFUSED_ROLE' : code, ...told }
}

/** Decides whether to alert: a permit alerts if every rule that gives it does, a denial if any denying rule does. */
export function isAlerting({ outcome, rules }: Verdict): boolean {
  const alerting = rules.filter(({ alert }) => alert !== null)
  return alerting.length > 0 && (outcome === 'deny' || alerting.length === rules.length)
}

export function toRuleIds(rules: readonly Rule[]): readonly string[] {
  return rules.map(({ id }) => id)
}

/** Joins the @says texts of rules. */
export function toExplanation(rules: readonly Rule[]): string {
  return rules.map(({ says }) => says).join(' ')
}
