import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildTrend } from '../../gateway/utilisation/build-trend.ts'
import {
  addDays,
  listPeriodsUntil,
  parseWeek,
  type ReportingPeriod,
  toMonth,
  toWeek,
} from '../../schema/reporting-period.ts'
import { findRange, type Span } from '../support/utilisation/find-range.ts'

const numRuns = Number(process.env.CASES ?? 60)
const week = parseWeek('2026-W47') ?? expect.fail('no such week')
const first = listPeriodsUntil(toMonth(week.firstDay), 15)[0]?.firstDay ?? expect.fail('no such month')
const days: string[] = []
for (let day = toWeek(first).firstDay; day <= week.lastDay; day = addDays(day, 1)) days.push(day)
const weeks = days.filter((_, index) => index % 7 === 0).map(toWeek)
const numberOf = (day: string) => (Date.parse(day) - Date.parse(days[0] ?? '')) / 86_400_000
const toSpan = ({ firstDay, lastDay }: ReportingPeriod, least: number, most = Number.POSITIVE_INFINITY): Span => ({
  from: numberOf(firstDay),
  to: numberOf(lastDay) + 1,
  least,
  most,
})

/** Few a day, so that weeks, and now and then months, are small; a quiet stretch, so that months are. */
const history = fc
  .record({
    seed: fc.array(fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 1, 2, 9), { minLength: 60, maxLength: 60 }),
    quietFrom: fc.nat(400),
    quietFor: fc.nat(120),
  })
  .map(({ seed, quietFrom, quietFor }) => {
    const counts = new Map(
      days.map((day, index) => [
        day,
        index >= quietFrom && index < quietFrom + quietFor ? Number(index % 29 === 0) : (seed[(index * 7) % 60] ?? 0),
      ]),
    )
    return { counts, ...buildTrend({ countOn: (day) => counts.get(day) ?? 0, week }) }
  })

/** Many on working days and few at weekends, as a clinic has. */
const workingDays = fc
  .record({
    weekday: fc.integer({ min: 2, max: 12 }),
    weekend: fc.integer({ min: 0, max: 3 }),
    quiet: fc.array(fc.nat(days.length), { maxLength: 60 }),
  })
  .map(({ weekday, weekend, quiet }) => {
    const counts = new Map(
      days.map((day, index) => [day, quiet.includes(index) ? 0 : index % 7 > 4 ? weekend : weekday]),
    )
    return { counts, ...buildTrend({ countOn: (day) => counts.get(day) ?? 0, week }) }
  })

/** The days of a month's first and last week, in the month and beside it. */
function partsOf(month: ReportingPeriod): readonly ReportingPeriod[] {
  const [before, after] = [toWeek(month.firstDay), toWeek(month.lastDay)]
  const cut = [
    { firstDay: before.firstDay, lastDay: addDays(month.firstDay, -1) },
    { firstDay: month.firstDay, lastDay: before.lastDay },
    { firstDay: after.firstDay, lastDay: month.lastDay },
    { firstDay: addDays(month.lastDay, 1), lastDay: after.lastDay },
  ]
  return cut
    .filter(({ firstDay, lastDay }) => firstDay <= lastDay)
    .map((one) => ({ name: `${one.firstDay} to ${one.lastDay}`, ...one }))
}

const sumOf = (counts: ReadonlyMap<string, number>, { firstDay, lastDay }: ReportingPeriod) =>
  [...counts].reduce((sum, [day, count]) => (day >= firstDay && day <= lastDay ? sum + count : sum), 0)
const periodOf = (name: string) => parseWeek(name) ?? toMonth(`${name}-01`)

test('no small week or month can be found out from all weeks and months published', { timeout: 600_000 }, () => {
  let attacked = 0
  fc.assert(
    fc.property(history, ({ counts, months }) => {
      // Weeks of every report there has been, for each says the same of one; months of this report.
      const seen = [
        ...weeks.map((one) =>
          isSmall(sumOf(counts, one)) ? toSpan(one, 1, 4) : toSpan(one, sumOf(counts, one), sumOf(counts, one)),
        ),
        ...months.periods.map(({ period, count }) =>
          count === null ? toSpan(periodOf(period), 0) : toSpan(periodOf(period), count, count),
        ),
      ]
      const small = [...weeks, ...months.periods.map(({ period }) => periodOf(period))].filter((one) =>
        isSmall(sumOf(counts, one)),
      )
      for (const one of small) {
        attacked++
        const { least, most } = findRange(days.length, [...seen, toSpan(one, 1, 4)], toSpan(one, 0))
        expect(most, one.name).toBeGreaterThan(least)
      }
    }),
    { numRuns },
  )
  expect(attacked).toBeGreaterThan(numRuns)
})

test('no days between weeks and months can be found out to be few: not of one month, of a run of months, or of the weeks about them', {
  timeout: 600_000,
}, () => {
  let attacked = 0
  const isKnown = (one: ReportingPeriod, counts: ReadonlyMap<string, number>) => !isSmall(sumOf(counts, one))
  fc.assert(
    fc.property(fc.oneof(history, workingDays), ({ counts, months }) => {
      const shown = months.periods.map(({ period, count }) => ({ month: periodOf(period), count }))
      for (const start of shown.keys()) {
        for (let end = start; end < shown.length; end++) {
          const run = shown.slice(start, end + 1)
          if (run.some(({ count }) => count === null)) break
          const firstDay = run[0]?.month.firstDay ?? ''
          const lastDay = run.at(-1)?.month.lastDay ?? ''
          const total = run.reduce((sum, { count }) => sum + (count ?? 0), 0)
          const about = weeks.filter((one) => one.lastDay >= firstDay && one.firstDay <= lastDay)
          const inside = about.filter((one) => one.firstDay >= firstDay && one.lastDay <= lastDay)
          for (const some of [inside, about]) {
            if (!some.every((one) => isKnown(one, counts))) continue
            attacked++
            const difference = Math.abs(total - some.reduce((sum, one) => sum + sumOf(counts, one), 0))
            expect(isSmall(difference), `${firstDay} to ${lastDay}`).toBe(false)
          }
        }
      }
      const seen = [
        ...weeks.map((one) =>
          isKnown(one, counts) ? toSpan(one, sumOf(counts, one), sumOf(counts, one)) : toSpan(one, 1, 4),
        ),
        ...shown.flatMap(({ month, count }) => (count === null ? [] : [toSpan(month, count, count)])),
      ]
      for (const { month } of shown) {
        for (const part of partsOf(month)) {
          if (!isSmall(sumOf(counts, part)) || !isKnown(toWeek(part.firstDay), counts)) continue
          const { least, most } = findRange(days.length, seen, toSpan(part, 0))
          expect(most, `${part.firstDay} to ${part.lastDay}`).toBeGreaterThan(least)
        }
      }
    }),
    { numRuns },
  )
  expect(attacked).toBeGreaterThan(numRuns)
})

test('a month is hidden that would tell the weekend outside its whole weeks', () => {
  const isWeekend = (day: string) => [0, 6].includes(new Date(day).getUTCDay())
  const { months } = buildTrend({ countOn: (day) => (isWeekend(day) ? 1 : 10), week })
  // It begins on a Saturday, and October ends on the Friday before.
  for (const { period, count } of months.periods)
    if (['2025-11', '2025-10', '2026-08', '2026-07'].includes(period)) expect([period, count]).toEqual([period, null])
  expect(months.periods.find(({ period }) => period === '2025-12')?.count).toBe(23 * 10 + 8)
})

test('what is published is true, and totals and means reconcile, cut off and not rounded', () => {
  fc.assert(
    fc.property(history, (trends) => {
      for (const { periods, total, mean } of [trends.weeks, trends.months]) {
        expect(periods).toHaveLength(13)
        for (const { period, count } of periods)
          if (count !== null) expect(count).toBe(sumOf(trends.counts, periodOf(period)))
        const sum = periods.reduce((all, { count }) => all + (count ?? 0), 0)
        expect([total, mean]).toEqual(
          periods.some(({ count }) => count === null) ? [null, null] : [sum, (sum - (sum % 13)) / 13],
        )
      }
    }),
    { numRuns },
  )
})

test('a small month would be found out from the months beside it, which are hidden with it', () => {
  const counts = new Map(Object.entries({ '2026-08-20': 30, '2026-09-30': 3, '2026-10-02': 5 }))
  const beside = ['2026-08', '2026-10'].map((name) => toMonth(`${name}-01`))
  const seen = [...weeks, ...beside].map((one) => toSpan(one, sumOf(counts, one), sumOf(counts, one)))
  expect(findRange(days.length, seen, toSpan(toMonth('2026-09-01'), 0))).toEqual({ least: 3, most: 3 })
  const { months } = buildTrend({ countOn: (day) => counts.get(day) ?? 0, week })
  expect(months.periods.slice(-4).map(({ count }) => count)).toEqual([0, null, null, null])
})

function isSmall(count: number): boolean {
  return count > 0 && count < 5
}
