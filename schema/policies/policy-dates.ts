import { toLondonDay } from '../london-day.ts'
import { toPeriod } from '../partial-date-time.ts'

const dayMs = 86_400_000

const earliestMs = Date.parse('1000-01-02T00:00:00Z')
const latestMs = Date.parse('9999-12-30T00:00:00Z')

/** The day in Europe/London at an instant, as 2026-11-22. Before the year 1000 and after 9999, which have no four digits, the first or last day between. */
export function toFourDigitYearLondonDay(ms: number): string {
  return toLondonDay(Math.min(Math.max(ms, earliestMs), latestMs))
}

/** Milliseconds until the next midnight in Europe/London; at least one. */
export function untilLondonMidnightMs(nowMs: number): number {
  const today = toPeriod(toFourDigitYearLondonDay(nowMs))
  return today === null ? 1 : today.endMs - nowMs + 1
}

/**
 * Days in London since a FHIR date or dateTime, counted from the earliest day that it can mean: the reading that protects where time since
 * opens a record. Null where there is no date, or only one that is still to come.
 */
export function daysSince(date: string | null, nowMs: number): number | null {
  const period = date === null ? null : toPeriod(date)
  if (period === null) return null
  const days = Math.round(
    (dayNumber(toFourDigitYearLondonDay(nowMs)) - dayNumber(toFourDigitYearLondonDay(period.startMs))) / dayMs,
  )
  return days >= 0 ? days : null
}

/** Nobody is known to have lived to 123: an earlier birth date, as 0001-01-01, stands for none. */
const maxPlausibleYears = 130

/**
 * Completed years in London since a FHIR date of birth, counted from the latest day that it can mean: the reading that protects where age
 * opens a record. Null where there is no date, only one that may be still to come, or one too long ago.
 */
export function toMinAge(birthDate: string | null, nowMs: number): number | null {
  const period = birthDate === null ? null : toPeriod(birthDate)
  if (period === null) return null
  const born = toFourDigitYearLondonDay(period.endMs)
  const today = toFourDigitYearLondonDay(nowMs)
  const years = Number(today.slice(0, 4)) - Number(born.slice(0, 4)) - (today.slice(5) < born.slice(5) ? 1 : 0)
  return years < 0 || years > maxPlausibleYears ? null : years
}

function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`)
}
