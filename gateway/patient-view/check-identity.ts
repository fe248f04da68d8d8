import { isNhsNumber } from '../../schema/nhs-number.ts'
import type { RegionResult } from './region-result.ts'

/** The parts that may be shown, and whether a birth date from the viewer would settle what they disagree on. */
export interface IdentityCheck {
  readonly results: readonly RegionResult[]
  readonly birthDateNeeded: boolean
}

export interface ExpectedIdentity {
  readonly askedNhsNumber: string
  /** What the viewer holds the birth date to be, which may be known in part. */
  readonly birthDate: string | null
}

/**
 * Product.md rule 3. A record bears the number asked or the successor that its own store states, the same in every region that states
 * one; and the viewer's birth date, where one was given. The regions that are left must agree on it, or none of them is shown: a viewer
 * who knows the year alone does not settle which of two people of that year is meant.
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

/** Whether the record bears the number that the reply states for it. */
function hasExpectedNumber({ reply }: RegionResult): boolean {
  return (
    reply !== null &&
    reply.nhsNumber !== null &&
    isNhsNumber(reply.nhsNumber) &&
    reply.record.nhsNumber === reply.nhsNumber
  )
}

/**
 * Dates agree as far as both are known: 1970 and 1970-05-03 do, and a record without one disagrees with none. The number has matched by
 * then: to hide allergies because a date was written down less exactly would harm more patients than it protects.
 */
function datesAgree(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return true
  const shared = Math.min(a.length, b.length, 10)
  return a.slice(0, shared) === b.slice(0, shared)
}

function toMismatch(result: RegionResult): RegionResult {
  return result.status === 'ANSWERED' ? { ...result, status: 'IDENTITY_MISMATCH', asOf: null, reply: null } : result
}
