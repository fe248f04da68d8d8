import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildReport, type UtilisationReport } from '../../gateway/utilisation/build-report.ts'
import { runToCompletion } from '../../gateway/utilisation/cooperative-task.ts'
import { createEventTally } from '../../gateway/utilisation/tally-events.ts'
import { parseWeek, toPeriodBounds } from '../../schema/reporting-period.ts'
import { accessEvent } from '../support/audit/access-event.ts'
import { loadTestRegions } from '../support/test-regions.ts'

const numRuns = Number(process.env.CASES ?? 300)
const week = parseWeek('2026-W47') ?? expect.fail('no such week')
const { startMs, endMs } = toPeriodBounds(week)
const configuredRegions = loadTestRegions()
const decisions = {
  ANSWERED: 'PERMITTED',
  NOT_KNOWN: 'PERMITTED',
  REFUSED: 'REFUSED_OPT_OUT',
  TIMED_OUT: 'UNDECIDED',
} as const
type Status = keyof typeof decisions

/** So many looks that ended alike in each region. */
interface Looks {
  readonly count: number
  readonly statuses: readonly [Status, Status]
  readonly withheld: boolean
}

const status = fc.constantFrom<Status>('ANSWERED', 'ANSWERED', 'NOT_KNOWN', 'REFUSED', 'TIMED_OUT')
const looks: fc.Arbitrary<readonly Looks[]> = fc.array(
  fc.record({
    count: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 5, max: 14 })),
    statuses: fc.tuple(status, status),
    withheld: fc.boolean(),
  }),
  { maxLength: 6 },
)

test('no small figure of what was asked can be found out from looks, complete looks, what each region was asked, its views and its outcomes', {
  timeout: 600_000,
}, () => {
  let attacked = 0
  let told = 0
  fc.assert(
    fc.property(looks, (happened) => {
      const report = toReport(happened)
      for (const region of [0, 1]) {
        for (const one of ['ANSWERED', 'NOT_KNOWN', 'REFUSED', 'TIMED_OUT'] as const) {
          const count = countIn(happened, ({ statuses }) => statuses[region] === one)
          if (count === 0 || count > 4) continue
          attacked++
          const values = findPossible(report, region, one)
          expect(values.size, `${one} ${count}, found ${[...values]}`).toBeGreaterThan(1)
        }
        const shown = report.regions[region]
        const notShown = countIn(happened, ({ statuses }) => statuses[region] !== 'ANSWERED')
        // The week's views are told by the trend, too.
        const views = shown?.viewTrend.weeks.periods.at(-1)?.count ?? null
        if (notShown > 0 && notShown < 5 && views !== null)
          for (const one of [report.looks, ...report.regions.map(({ asked }) => asked)]) expect(one).toBeNull()
      }
      if (report.looks !== null) told++
    }),
    { numRuns },
  )
  expect(attacked).toBeGreaterThan(numRuns / 4)
  expect(told).toBeGreaterThan(numRuns / 5)
})

test('three opt-outs of a hundred and three looks are not looks less views, nor the other region’s', () => {
  const report = toReport([
    { count: 100, statuses: ['ANSWERED', 'ANSWERED'], withheld: false },
    { count: 3, statuses: ['REFUSED', 'ANSWERED'], withheld: false },
  ])
  expect(report.regions.map(({ views, asked, outcomes }) => [views, asked, outcomes])).toEqual([
    [100, null, null],
    [103, null, null],
  ])
  expect([report.looks, report.completeLooks, report.completeShare]).toEqual([null, null, null])
})

test('one refusal beside sixty that were late is not what is incomplete less the late', () => {
  const report = toReport([
    { count: 10, statuses: ['NOT_KNOWN', 'NOT_KNOWN'], withheld: false },
    { count: 60, statuses: ['TIMED_OUT', 'NOT_KNOWN'], withheld: false },
    { count: 1, statuses: ['REFUSED', 'NOT_KNOWN'], withheld: false },
  ])
  expect([report.looks, report.completeLooks]).toEqual([71, null])
})

function toReport(happened: readonly Looks[]): UtilisationReport {
  const tallies = new Map<string, Map<string, number>>()
  const tally = createEventTally(tallies)
  for (const [group, { count, statuses, withheld }] of happened.entries()) {
    for (let look = 0; look < count; look++) {
      const events = configuredRegions.map(({ code }, index) => {
        const one = statuses[index] ?? 'ANSWERED'
        const decision = { code: decisions[one], rules: [], policyVersion: null }
        return accessEvent({
          kind: 'VIEW',
          requestId: `${group} ${look}`,
          region: code,
          status: one,
          decision,
          withheld: withheld && one === 'ANSWERED' ? ['DOCUMENTS'] : [],
        })
      })
      for (const event of events) tally.add({ time: new Date(startMs + 43_200_000).toISOString(), event })
    }
  }
  tally.finish()
  const regions = configuredRegions.map((region) => ({ region, status: 'ANSWERED' as const, counts: null }))
  return runToCompletion(
    buildReport({
      week,
      nowMs: endMs,
      trail: {
        tallies,
        asOfMs: endMs,
        sinceMs: startMs - 400 * 86_400_000,
        roleNames: new Map(),
        unreadableWriters: [],
        odd: new Map(),
      },
      regions,
    }),
  )
}

const countIn = (happened: readonly Looks[], isIn: (one: Looks) => boolean) =>
  happened.reduce((sum, one) => (isIn(one) ? sum + one.count : sum), 0)

/**
 * The values from 1 to 4 that one region's outcome may have, by trying all that its others may have. Knows nothing of
 * how figures were suppressed.
 */
function findPossible(report: UtilisationReport, region: number, attacked: Status): ReadonlySet<number> {
  const all = report.looks ?? report.regions.map(({ asked }) => asked).find((asked) => asked !== null) ?? null
  const incomplete = report.looks !== null && report.completeLooks !== null ? report.looks - report.completeLooks : null
  const outcomes = report.regions.map((one) => toOutcomes(one, all))
  const notWhole = outcomes.map((ways) => ways.map((way) => (way.get('REFUSED') ?? 0) + (way.get('TIMED_OUT') ?? 0)))
  const views = report.regions.reduce((sum, one) => sum + (one.views ?? 4), 0)
  const others = Math.max(...(notWhole[1 - region] ?? []))
  const possible = (outcomes[region] ?? []).filter((_, way) => {
    const own = notWhole[region]?.[way] ?? 0
    return incomplete === null || (own <= incomplete && incomplete <= own + others + views)
  })
  return new Set(possible.map((way) => way.get(attacked) ?? 0).filter((value) => value > 0 && value < 5))
}

/** All that a region's outcomes may be. */
function toOutcomes(
  { outcomes, views }: UtilisationReport['regions'][number],
  all: number | null,
): readonly ReadonlyMap<string, number>[] {
  const listed =
    outcomes?.map(({ status, count }) => ({ status: String(status), count })) ??
    Object.keys(decisions).map((one) => ({ status: one, count: null }))
  // A table that is withheld has any rows, a zero among them.
  const least = outcomes ? 1 : 0
  const known = listed.map((one) => (one.status === 'ANSWERED' && one.count === null ? { ...one, count: views } : one))
  const ways = (at: number, left: number | null): (readonly [string, number])[][] => {
    const one = known[at]
    if (!one) return left === null || left === 0 ? [[]] : []
    const isLast = at === known.length - 1
    // Views that are not told are none or few.
    const most = one.status === 'ANSWERED' ? 4 : 100
    const tried =
      one.count !== null
        ? [one.count]
        : isLast && left !== null
          ? left >= least && left <= most
            ? [left]
            : []
          : range(least, Math.min(most, left ?? 8))
    return tried.flatMap((value) =>
      left !== null && value > left
        ? []
        : ways(at + 1, left === null ? null : left - value).map((rest) => [[one.status, value] as const, ...rest]),
    )
  }
  return ways(0, all).map((way) => new Map(way))
}

const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
