import { isNhsNumber } from '../../schema/nhs-number.ts'
import type { RegionResult } from './region-result.ts'

/** The results that may be shown, and whether a birth date from the viewer would resolve what they disagree on. */
export interface IdentityCheck {
  readonly results: readonly RegionResult[]
  readonly birthDateNeeded: boolean
}

export interface ExpectedIdentity {
  readonly askedNhsNumber: string
  /** The birth date that the viewer gave, possibly partial; null without one. */
  readonly birthDate: string | null
}

/**
 * Applies gateway/README.md, rule 3. A record must bear the requested number or the successor that its own store
 * states. Regions that state a successor must state the same one. The birth date must agree with the viewer's, if one
 * was given.
 * The remaining regions must agree on the birth date, or none of them is shown. A viewer who gives the year alone
 * does not decide between two people of that year.
 */
export function checkIdentity(
  results: readonly RegionResult[],
  { askedNhsNumber, birthDate }: ExpectedIdentity,
): IdentityCheck {
  const statedNumbers = results.flatMap((result) => (hasExpectedNumber(result) ? [result.reply?.nhsNumber] : []))
  const successors = new Set(statedNumbers.filter((nhsNumber) => nhsNumber !== askedNhsNumber))
  const checked = results.map((result) => {
    if (result.status !== 'ANSWERED') return result
    const { reply } = result
    const isNumber = hasExpectedNumber(result) && (reply.nhsNumber === askedNhsNumber || successors.size === 1)
    return isNumber && datesAgree(reply.birthDate, birthDate) ? result : toMismatch(result)
  })
  const birthDates = checked.flatMap(({ reply }) => (reply ? [reply.birthDate] : []))
  const birthDateNeeded = birthDates.some((a) => birthDates.some((b) => !datesAgree(a, b)))
  return { results: birthDateNeeded ? checked.map(toMismatch) : checked, birthDateNeeded }
}

/** Tells whether the record bears the number that the reply states for it. */
function hasExpectedNumber({ reply }: RegionResult): boolean {
  return (
    reply !== null &&
    reply.nhsNumber !== null &&
    isNhsNumber(reply.nhsNumber) &&
    reply.record.nhsNumber === reply.nhsNumber
  )
}

/**
 * Compares dates as far as both are known: 1970 agrees with 1970-05-03, and a record without a date agrees with all.
 * The number matches by then, and hiding allergies because of an imprecise date would harm more patients than it
 * protects.
 */
function datesAgree(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return true
  const shared = Math.min(a.length, b.length, 10)
  return a.slice(0, shared) === b.slice(0, shared)
}

function toMismatch(result: RegionResult): RegionResult {
  return result.status === 'ANSWERED' ? { ...result, status: 'IDENTITY_MISMATCH', asOf: null, reply: null } : result
}
