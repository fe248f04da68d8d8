import { toPeriod } from './partial-date-time.ts'

/** A week (ISO 8601, Monday to Sunday) or a calendar month, of days in Europe/London. */
export interface ReportingPeriod {
  /** As 2026-W47, or 2026-11. */
  readonly name: string
  /** As 2026-11-16. */
  readonly firstDay: string
  readonly lastDay: string
}

/** The week that a day is in. */
export function toWeek(day: string): ReportingPeriod {
  const firstDay = addDays(day, -((weekdayOf(day) + 6) % 7))
  // A week is of the year that its Thursday is in.
  const thursday = addDays(firstDay, 3)
  const year = thursday.slice(0, 4)
  const number = 1 + Math.floor((toUtcMs(thursday) - toUtcMs(`${year}-01-01`)) / (7 * dayMs))
  return { name: `${year}-W${String(number).padStart(2, '0')}`, firstDay, lastDay: addDays(firstDay, 6) }
}

/** The month that a day is in. */
export function toMonth(day: string): ReportingPeriod {
  const name = day.slice(0, 7)
  return { name, firstDay: `${name}-01`, lastDay: addDays(firstDayOfNextMonth(name), -1) }
}

/** The week of a name as 2026-W47; null where the text is of another form, or the year has no such week. */
export function parseWeek(name: string): ReportingPeriod | null {
  const [, year, number] = /^(\d{4})-W(\d\d)$/.exec(name) ?? []
  // The fourth of January is in the first week.
  const week =
    year === undefined || Number(year) < 1000 ? null : toWeek(addDays(`${year}-01-04`, 7 * (Number(number) - 1)))
  return week?.name === name ? week : null
}

/** This many periods in a row, the last of them `last`; weeks before a week, months before a month. */
export function listPeriodsUntil(last: ReportingPeriod, count: number): readonly ReportingPeriod[] {
  const of = last.name.includes('W') ? toWeek : toMonth
  const periods = [last]
  while (periods.length < count) periods.unshift(of(addDays(periods[0]?.firstDay ?? last.firstDay, -1)))
  return periods
}

/** When a period begins and when it has ended, in milliseconds since 1970. */
export function toPeriodBounds({ firstDay, lastDay }: ReportingPeriod): {
  readonly startMs: number
  readonly endMs: number
} {
  const first = toPeriod(firstDay)
  const last = toPeriod(lastDay)
  if (!first || !last) throw new Error(`Reporting period: expected days, found ${firstDay} and ${lastDay}`)
  return { startMs: first.startMs, endMs: last.endMs + 1 }
}

/** A day so many days later, or earlier. */
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
