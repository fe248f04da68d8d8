import { toPeriod } from '../partial-date-time.ts'

const dayMs = 86_400_000
const london = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' })

/** The day in Europe/London at an instant, as 2026-11-22. */
export function toLondonDay(ms: number): string {
  return london.format(ms)
}

/** Milliseconds until the next midnight in Europe/London; at least one. */
export function untilLondonMidnightMs(nowMs: number): number {
  const today = toPeriod(toLondonDay(nowMs))
  return today === null ? 1 : today.endMs - nowMs + 1
}

/**
 * Days in London since a FHIR date or dateTime, counted from the earliest day that it can mean: the reading that protects where time since
 * opens a record. Null where there is no date, or only one that is still to come.
 */
export function daysSince(date: string | null, nowMs: number): number | null {
  const period = date === null ? null : toPeriod(date)
  if (period === null) return null
  const days = Math.round((dayNumber(toLondonDay(nowMs)) - dayNumber(toLondonDay(period.startMs))) / dayMs)
  return days < 0 ? null : days
}

/**
 * Completed years in London since a FHIR date of birth, counted from the latest day that it can mean: the reading that protects where age
 * opens a record. Null where there is no date, or only one that may be still to come.
 */
export function youngestAge(birthDate: string | null, nowMs: number): number | null {
  const period = birthDate === null ? null : toPeriod(birthDate)
  if (period === null) return null
  const born = toLondonDay(period.endMs)
  const today = toLondonDay(nowMs)
  const years = Number(today.slice(0, 4)) - Number(born.slice(0, 4)) - (today.slice(5) < born.slice(5) ? 1 : 0)
  return years < 0 ? null : years
}

function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`)
}
