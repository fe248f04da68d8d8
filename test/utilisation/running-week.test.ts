import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildReport } from '../../gateway/utilisation/build-report.ts'
import { runToCompletion } from '../../gateway/utilisation/cooperative-task.ts'
import { createEventTally } from '../../gateway/utilisation/tally-events.ts'
import { addDays, parseWeek, toPeriodBounds } from '../../schema/reporting-period.ts'
import { accessEvent } from '../support/audit/access-event.ts'
import { loadTestRegions } from '../support/test-regions.ts'
import { findRange } from '../support/utilisation/find-range.ts'

const week = parseWeek('2026-W47') ?? expect.fail('no such week')
const { startMs, endMs } = toPeriodBounds(week)
const numRuns = Number(process.env.CASES ?? 25)
const dayMs = 86_400_000
const regions = loadTestRegions()

/** The report after so many looks, that many a day since Monday, by an hour of the day after. */
function reportAt(perDay: readonly number[], nowMs: number) {
  const tallies = new Map<string, Map<string, number>>()
  const tally = createEventTally(tallies)
  const looks = perDay.flatMap((count, day) => Array.from({ length: count }, () => startMs + day * dayMs + 1))
  for (const [look, atMs] of looks.entries()) {
    for (const { code } of regions)
      tally.add({
        time: new Date(atMs).toISOString(),
        event: accessEvent({ kind: 'VIEW', requestId: `${look}`, region: code }),
      })
  }
  tally.finish()
  const days = perDay.map((documents, day) => ({ day: addDays(week.firstDay, day), documents }))
  const inWeek = perDay.reduce((sum, one) => sum + one, 0)
  const counts = [{ organisation: 'REM', type: '1', typeName: 'A letter', total: inWeek + 20, inWeek }]
  return runToCompletion(
    buildReport({
      week,
      nowMs,
      trail: {
        tallies,
        asOfMs: nowMs,
        sinceMs: startMs - 400 * dayMs,
        roleNames: new Map(),
        unreadableWriters: [],
        odd: new Map(),
      },
      regions: regions.map((region) => ({
        region,
        status: 'ANSWERED',
        counts: { countedAt: new Date(nowMs).toISOString(), total: inWeek + 20, inWeek, counts, days },
      })),
    }),
  )
}

test('a running week reads the same before and after one view and one document of today', () => {
  const wednesday = startMs + 2 * dayMs + 43_200_000
  const before = reportAt([6, 9, 6], wednesday)
  expect(reportAt([6, 9, 7], wednesday)).toEqual(before)
  expect(before).toMatchObject({ over: false, looks: 15, completeLooks: null })
  for (const one of before.regions) {
    expect(one).toMatchObject({
      views: 15,
      documentsPublished: 35,
      documentsPublishedThisWeek: 15,
      asked: null,
      outcomes: null,
    })
    expect([
      one.viewsByOrganisation,
      one.viewsByRole,
      one.documentsByOrganisation,
      one.documentsByOrganisationAndType,
    ]).toEqual([null, null, null, null])
    expect([one.viewTrend, one.documentTrend].map((trend) => trend?.weeks.periods.at(-1))).toEqual([
      { period: '2026-W46', count: 0 },
      { period: '2026-W46', count: 0 },
    ])
  }
})

test('on its first day it has no figure of its own', () => {
  expect(reportAt([8], startMs + 3_600_000)).toMatchObject({
    looks: null,
    regions: regions.map(() => ({ views: null, documentsPublished: 20, documentsPublishedThisWeek: null })),
  })
})

test('no few of one day can be found out from a report of every day and the one of the week when it is over', () => {
  let attacked = 0
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 0, 1, 2, 3, 4, 5, 9), { minLength: 7, maxLength: 7 }), (perDay) => {
      const shown = Array.from(
        { length: 6 },
        (_, day) => reportAt(perDay, startMs + (day + 1) * dayMs + 3_600_000).looks ?? expect.fail('no total'),
      )
      const all = reportAt(perDay, endMs).looks
      const seen = shown.map((most, day) => ({ from: 0, to: day + 1, least: most === 0 ? 0 : most - 4, most }))
      if (all !== null) seen.push({ from: 0, to: 7, least: all, most: all })
      for (const [day, count] of perDay.entries()) {
        if (count === 0 || count > 4) continue
        attacked++
        const { least, most } = findRange(7, seen, { from: day, to: day + 1 })
        expect(most, `day ${day}`).toBeGreaterThan(least)
      }
    }),
    { numRuns },
  )
  expect(attacked).toBeGreaterThan(numRuns)
})
