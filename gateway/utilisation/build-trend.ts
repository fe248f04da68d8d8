import type { UtilisationTrend } from '../../schema/generated/patient-view.ts'
import { addDays, listPeriodsUntil, type ReportingPeriod, toMonth, toWeek } from '../../schema/reporting-period.ts'
import { isSmall } from './suppress.ts'

/** How many weeks, and how many months, a trend has. */
export const trendPeriods = 13

export interface TrendOptions {
  /** How many there were on a day. */
  readonly countOn: (day: string) => number
  /** The last of the weeks; it is over. */
  readonly week: ReportingPeriod
  /** The first day of which countOn knows; null: of none. What begins before it is not known. @default of all */
  readonly since?: string | null
}

/**
 * Thirteen weeks, and the thirteen months whose last week was over with them. A week is hidden where its count is small
 * and never for another week's sake, a total where any of its parts is: so reports of different weeks say the same of
 * one. Weeks and months overlap, and can be subtracted: a month is hidden, too, where a week that reaches into it is,
 * where a month beside it is small, and where the days of it outside its whole weeks are, or the other days of those
 * same weeks. As each such part is none or not small by itself, no run of months less weeks is small either.
 */
export function buildTrend({ countOn, week, since = '' }: TrendOptions): {
  readonly weeks: UtilisationTrend
  readonly months: UtilisationTrend
} {
  const { lastDay } = week
  const isKnown = ({ firstDay }: ReportingPeriod) => since !== null && firstDay >= since
  const countOf = (days: DayRange) => listDays(days).reduce((sum, day) => sum + countOn(day), 0)
  const isHiddenMonth = (month: ReportingPeriod): boolean => {
    const before = toMonth(addDays(month.firstDay, -1))
    const after = toMonth(addDays(month.lastDay, 1))
    const beside = after.lastDay <= lastDay ? [before, month, after] : [before, month]
    return [...beside, ...findOverlappingWeeks(month), ...findPartialWeeks(month)].some((one) => isSmall(countOf(one)))
  }
  // Before its last week is over, nobody knows whether the days of that week in the next month will be few.
  const lastMonth = findLastMonth(lastDay)
  return {
    weeks: toTrend(listPeriodsUntil(week, trendPeriods), isKnown, (one) =>
      isSmall(countOf(one)) ? null : countOf(one),
    ),
    months: toTrend(listPeriodsUntil(lastMonth, trendPeriods), isKnown, (one) =>
      isHiddenMonth(one) ? null : countOf(one),
    ),
  }
}

/** The first day that buildTrend reads. */
export function toFirstDayOfTrend({ firstDay }: ReportingPeriod): string {
  // A month more on either side, and a week that reaches into the first.
  const [first] = listPeriodsUntil(toMonth(firstDay), trendPeriods + 3)
  return addDays(first?.firstDay ?? firstDay, -7)
}

/**
 * The mean is of the periods known, and cut off, not rounded, as in the programme's own figures: 1,996,196 in 13 months
 * are 153,553 a month.
 */
function toTrend(
  periods: readonly ReportingPeriod[],
  isKnown: (period: ReportingPeriod) => boolean,
  countOf: (period: ReportingPeriod) => number | null,
): UtilisationTrend {
  const counts = periods.map((period) => (isKnown(period) ? countOf(period) : null))
  const known = periods.filter(isKnown).length
  const isWhole = known > 0 && periods.every((period, index) => !isKnown(period) || counts[index] !== null)
  const total = isWhole ? counts.reduce<number>((sum, count) => sum + (count ?? 0), 0) : null
  return {
    periods: periods.map(({ name }, index) => ({ period: name, count: counts[index] ?? null })),
    known,
    total,
    mean: total === null ? null : Math.floor(total / known),
  }
}

function findLastMonth(lastDay: string): ReportingPeriod {
  let month = toMonth(lastDay)
  while (toWeek(month.lastDay).lastDay > lastDay) month = toMonth(addDays(month.firstDay, -1))
  return month
}

type DayRange = Pick<ReportingPeriod, 'firstDay' | 'lastDay'>

/** The days of a month's first and last week, those in the month and those in others; there may be none. */
function findPartialWeeks({ firstDay, lastDay }: ReportingPeriod): readonly DayRange[] {
  const first = toWeek(firstDay)
  const last = toWeek(lastDay)
  return [
    { firstDay: first.firstDay, lastDay: addDays(firstDay, -1) },
    { firstDay, lastDay: first.lastDay },
    { firstDay: last.firstDay, lastDay },
    { firstDay: addDays(lastDay, 1), lastDay: last.lastDay },
  ]
}

function listDays({ firstDay, lastDay }: DayRange): readonly string[] {
  const days: string[] = []
  for (let day = firstDay; day <= lastDay; day = addDays(day, 1)) days.push(day)
  return days
}

function findOverlappingWeeks(month: ReportingPeriod): readonly ReportingPeriod[] {
  const weeks: ReportingPeriod[] = []
  for (let week = toWeek(month.firstDay); week.firstDay <= month.lastDay; week = toWeek(addDays(week.lastDay, 1)))
    weeks.push(week)
  return weeks
}
