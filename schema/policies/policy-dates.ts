import { toLondonDay } from '../london-day.ts'
import { toPeriod } from '../partial-date-time.ts'

const dayMs = 86_400_000

const earliestMs = Date.parse('1000-01-02T00:00:00Z')
const latestMs = Date.parse('9999-12-30T00:00:00Z')

/**
 * The day in Europe/London at an instant, such as 2026-11-22. Years without four digits are clamped, because Cedar's
 * datetime has four.
 */
export function toFourDigitYearLondonDay(ms: number): string {
  return toLondonDay(Math.min(Math.max(ms, earliestMs), latestMs))
}

/** Milliseconds until the next midnight in Europe/London; at least 1. */
export function untilLondonMidnightMs(nowMs: number): number {
  const today = toPeriod(toFourDigitYearLondonDay(nowMs))
  return today === null ? 1 : today.endMs - nowMs + 1
}

/**
 * Days in London since a FHIR date or dateTime, from the earliest day it can mean, because most rules close a record
 * with time. Null without a date, or where the date is only in the future.
 */
export function daysSince(date: string | null, nowMs: number): number | null {
  const period = date === null ? null : toPeriod(date)
  if (period === null) return null
  const days = Math.round(
    (dayNumber(toFourDigitYearLondonDay(nowMs)) - dayNumber(toFourDigitYearLondonDay(period.startMs))) / dayMs,
  )
  return days >= 0 ? days : null
}

/** Nobody is known to have lived to 123, so an earlier birth date, such as 0001-01-01, counts as none. */
const maxPlausibleYears = 130

/**
 * Completed years in London since a FHIR date of birth, from the latest day it can mean, because rules open a record
 * with age. Null without a date, where it may be in the future, or where it is implausibly old.
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
