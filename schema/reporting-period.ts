import { toPeriod } from './partial-date-time.ts'

/** A week (ISO 8601, Monday to Sunday) or a calendar month of days in Europe/London. */
export interface ReportingPeriod {
  /** Such as 2026-W47 or 2026-11. */
  readonly name: string
  /** Such as 2026-11-16. */
  readonly firstDay: string
  readonly lastDay: string
}

/** Finds the week of a day. */
export function toWeek(day: string): ReportingPeriod {
  const firstDay = addDays(day, -((weekdayOf(day) + 6) % 7))
  // ISO 8601: a week belongs to the year of its Thursday.
  const thursday = addDays(firstDay, 3)
  const year = thursday.slice(0, 4)
  const number = 1 + Math.floor((toUtcMs(thursday) - toUtcMs(`${year}-01-01`)) / (7 * dayMs))
  return { name: `${year}-W${String(number).padStart(2, '0')}`, firstDay, lastDay: addDays(firstDay, 6) }
}

/** Finds the month of a day. */
export function toMonth(day: string): ReportingPeriod {
  const name = day.slice(0, 7)
  return { name, firstDay: `${name}-01`, lastDay: addDays(firstDayOfNextMonth(name), -1) }
}

/** Parses a week's name, such as 2026-W47. Null if the form is another, or the year has no such week. */
export function parseWeek(name: string): ReportingPeriod | null {
  const [, year, number] = /^(\d{4})-W(\d\d)$/.exec(name) ?? []
  // ISO 8601: the fourth of January is in the first week.
  const week =
    year === undefined || Number(year) < 1000 ? null : toWeek(addDays(`${year}-01-04`, 7 * (Number(number) - 1)))
  return week?.name === name ? week : null
}

/** Lists `count` consecutive periods up to `last`, all weeks or all months. */
export function listPeriodsUntil(last: ReportingPeriod, count: number): readonly ReportingPeriod[] {
  const of = last.name.includes('W') ? toWeek : toMonth
  const periods = [last]
  while (periods.length < count) periods.unshift(of(addDays(periods[0]?.firstDay ?? last.firstDay, -1)))
  return periods
}

/** The instants at which a period begins and at which it has ended, in milliseconds since 1970. */
export function toPeriodBounds({ firstDay, lastDay }: ReportingPeriod): {
  readonly startMs: number
  readonly endMs: number
} {
  const first = toPeriod(firstDay)
  const last = toPeriod(lastDay)
  if (!first || !last) throw new Error(`Reporting period: expected days, found ${firstDay} and ${lastDay}`)
  return { startMs: first.startMs, endMs: last.endMs + 1 }
}

/** Adds days to a day; a negative number subtracts. */
export function addDays(day: string, days: number): string {
  return new Date(toUtcMs(day) + days * dayMs).toISOString().slice(0, 10)
}

const dayMs = 86_400_000

function toUtcMs(day: string): number {
  return Date.parse(`${day}T00:00:00Z`)
}

function weekdayOf(day: string): number {
  return new Date(toUtcMs(day)).getUTCDay()
}

function firstDayOfNextMonth(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10)
}
