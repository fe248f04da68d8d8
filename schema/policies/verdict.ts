import type { ConsentCode } from './decision.ts'
import { type Barrier, barriers } from './facts.ts'
import { type RefusalCode, type Rule, refusalCodes } from './rule.ts'

/** What the rules say to one question. */
export interface Verdict {
  readonly outcome: 'permit' | 'deny' | 'error'
  /** Those that hold, in the order of their files: of a denial the forbids alone, none where nothing permits. */
  readonly rules: readonly Rule[]
}

/** What may be told of a verdict. */
export interface DisclosedVerdict<Code extends string = ConsentCode> {
  readonly code: Code
  readonly rules: readonly string[]
  readonly says: string
}

/** The barriers that stand as refusals. CONFIDENTIALITY stands before items, and always, so that it tells nothing of them. */
export const refusalCodeByBarrier = {
  OPT_OUT: 'REFUSED_OPT_OUT',
  PERMISSION: 'PERMISSION_REQUIRED',
  CONFIDENTIALITY: null,
} as const satisfies Record<Barrier, RefusalCode | null>

/** The barriers that a verdict leaves standing. */
export function findStandingBarriers({ rules }: Verdict): readonly Barrier[] {
  return barriers.filter(
    (barrier) =>
      refusalCodeByBarrier[barrier] === null || rules.some(({ code }) => code === refusalCodeByBarrier[barrier]),
  )
}

/** A permit as it is told. */
export function toDisclosedPermit(rules: readonly Rule[]): DisclosedVerdict {
  return { code: 'PERMITTED', rules: toRuleIds(rules), says: toExplanation(rules) }
}

/** The code that a denial tells: of those that hold, the first in the order of deciding; REFUSED_ROLE where none does. */
export function findRefusalCode({ rules }: Verdict): RefusalCode {
  return refusalCodes.find((code) => rules.some((rule) => rule.code === code)) ?? 'REFUSED_ROLE'
}

/** A denial as it is told. */
export function toDisclosedDenial(verdict: Verdict): DisclosedVerdict<ConsentCode | 'NO_BARRIER'> {
  const code = findRefusalCode(verdict)
  const disclosed = verdict.rules.filter((rule) => rule.code === code)
  // A region may say of unknown numbers what it says of those that must look like one: then nothing permits.
  if (code === 'NOT_KNOWN' || disclosed.length === 0)
    return { code: 'REFUSED_ROLE', rules: [], says: 'Nothing permits this to this role.' }
  return { code, rules: toRuleIds(disclosed), says: toExplanation(disclosed) }
}

/** A denial of asking or of a record, where NO_BARRIER is no answer (parse-rules.ts). */
export function toDisclosedConsentDenial(verdict: Verdict): DisclosedVerdict {
  const { code, ...told } = toDisclosedDenial(verdict)
  return { code: code === 'NO_BARRIER' ? 'REFUSED_ROLE' : code, ...told }
}

/** Whether an alert is raised: what is permitted rests on rules that raise one, alone; what is denied was an attempt at something that does. */
export function isAlerting({ outcome, rules }: Verdict): boolean {
  const alerting = rules.filter(({ alert }) => alert !== null)
  return alerting.length > 0 && (outcome === 'deny' || alerting.length === rules.length)
}

export function toRuleIds(rules: readonly Rule[]): readonly string[] {
  return rules.map(({ id }) => id)
}

/** The rules' own words. */
export function toExplanation(rules: readonly Rule[]): string {
  return rules.map(({ says }) => says).join(' ')
}
