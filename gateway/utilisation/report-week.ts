import { fault } from '../../schema/graphql-errors.ts'
import { toLondonDay } from '../../schema/london-day.ts'
import { findWeek, periodsUntil, type ReportingPeriod, toBounds, weekOf } from '../../schema/reporting-period.ts'

/** The week to report: that of a name, or the last one that is over. Throws BAD_WEEK, which says what was found, never the text itself. */
export function toReportWeek(name: string | null | undefined, nowMs: number): ReportingPeriod {
  const current = weekOf(toLondonDay(nowMs))
  if (name === null || name === undefined) return periodsUntil(current, 2)[0] ?? current
  const week = findWeek(name)
  if (!week) throw refuse(/^\d{4}-W\d\d$/.test(name) ? 'a week that its year does not have' : 'a text of another form', current)
  if (toBounds(week).startMs > nowMs) throw refuse('one that has not begun', current)
  return week
}

function refuse(found: string, { name }: ReportingPeriod) {
  return fault('BAD_WEEK', `Expected an ISO week that has begun, as ${name}, found ${found}.`)
}
