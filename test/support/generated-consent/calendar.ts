import type { DateModel, Precision } from './model.ts'

const london = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/London' })

/** The day in London, as 2026-11-22. */
export function londonDay(nowMs: number): string {
  return london.format(nowMs)
}

/** A day so many days, and so many years, before another; negative: after it. */
export function dayBefore(day: string, days: number, years = 0): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(Date.UTC(year - years, month - 1, date - days)).toISOString().slice(0, 10)
}

/** A day as far as it is known. */
export function toKnownDate(day: string, precision: Precision): string {
  return day.slice(0, { day: 10, month: 7, year: 4 }[precision])
}

export function toDate(today: string, { daysAgo, precision }: DateModel): string {
  return toKnownDate(dayBefore(today, daysAgo), precision)
}

/** Days from the earliest day that a date can mean until today; null where that is still to come. */
export function maxDaysSince(date: string, today: string): number | null {
  const earliest = date + '-01-01'.slice(date.length - 4)
  const days = (Date.parse(today) - Date.parse(earliest)) / 86_400_000
  return days < 0 ? null : days
}

/** Birthdays until today since the latest day that a date of birth can mean; null where that is still to come. */
export function minYearsSince(date: string, today: string): number | null {
  const [year = 0, month = 12] = date.split('-').map(Number)
  const latest = date.length === 10 ? date : new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)
  const years = Number(today.slice(0, 4)) - year - (today.slice(5) < latest.slice(5) ? 1 : 0)
  return years < 0 ? null : years
}
