import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { UtilisationReport, UtilisationTrend } from '../../schema/generated/patient-view.ts'
import { toLondonDay } from '../../schema/london-day.ts'
import { findOrganisationRegions } from '../../schema/organisations.ts'
import { listPeriodsUntil, toPeriodBounds, toWeek } from '../../schema/reporting-period.ts'
import { askReport } from '../support/utilisation/ask-report.ts'
import { countRaw, toPeriods } from '../support/utilisation/count-raw.ts'
import { makeYear } from '../support/utilisation/raw-year.ts'
import { startRecordedYear } from '../support/utilisation/recorded-year.ts'

const events = Number(process.env.EVENTS ?? 30_000)
const [lastWeek = toWeek('2026-11-16')] = listPeriodsUntil(toWeek(toLondonDay(Date.now())), 2)
// What came after the week is no part of it.
const year = makeYear({
  untilMs: Math.min(Date.now(), toPeriodBounds(lastWeek).endMs + 3 * 86_400_000),
  looks: events / 2,
  documents: 1500,
})
const raw = countRaw(year)
const isSmall = (count: number) => count > 0 && count < 5
/** A figure is as counted, or suppressed. */
const orNull = (count: number) =>
  expect.toSatisfy((shown: number | null) => shown === count || shown === null, `${count} or null`)

describe('the report of a generated year', () => {
  let system: Awaited<ReturnType<typeof startRecordedYear>>
  let report: UtilisationReport
  beforeAll(async () => {
    system = await startRecordedYear(year)
    report = await askReport(system, system.address, null)
  }, 60_000)
  afterAll(() => system[Symbol.asyncDispose]())

  test('is of the last week that is over, from every region', () => {
    expect(report).toMatchObject({
      week: toPeriods(toPeriodBounds(lastWeek).startMs).week,
      over: true,
      complete: true,
      message: 'Complete: e-Xchange and LPRES answered.',
    })
    expect([toPeriods(Date.parse(report.from)).week, toPeriods(Date.parse(report.until) - 1).week]).toEqual([
      report.week,
      report.week,
    ])
    expect(toPeriods(Date.parse(report.from) - 1).week).not.toBe(report.week)
    expect(toPeriods(Date.parse(report.until)).week).not.toBe(report.week)
  })

  test('has the totals that the raw events have', () => {
    for (const { region, ...shown } of report.regions) {
      const { code } = region
      const { week } = report
      const home = raw.views(code, week, ({ organisation }) => organisation.regions.includes(code))
      const views = raw.views(code, week)
      expect(views).toBeGreaterThan(50)
      expect(shown).toMatchObject({
        documentsPublished: raw.publishedUntil(code, week),
        documentsPublishedThisWeek: raw.published(code, week),
        asked: raw.events(week, (event) => event.kind === 'VIEW' && event.region === code),
        views,
        viewsFromElsewhere: views - home,
        shareFromElsewhere: Math.round((1000 * (views - home)) / views) / 1000,
        documentsOpened: orNull(
          raw.events(
            week,
            (event) => event.kind === 'DOCUMENT' && event.status === 'ANSWERED' && event.region === code,
          ),
        ),
        glassBroken: orNull(
          raw.events(week, (event) => event.kind === 'BREAK_GLASS' && event.status === 'DONE' && event.region === code),
        ),
      })
      expect(Date.parse(shown.asOf ?? '')).toBeGreaterThan(Date.parse(report.until))
    }
    const looks = raw.looks(report.week)
    expect(report).toMatchObject({
      looks: looks.all,
      completeLooks: looks.complete,
      completeShare: Math.round((1000 * looks.complete) / looks.all) / 1000,
    })
  })

  test('says of each organisation, role, type and outcome what the raw events say, and nothing of the small', () => {
    let shownRows = 0
    let rows = 0
    const check = (shown: number | null, counted: number) => {
      rows++
      if (shown !== null) shownRows++
      if (isSmall(counted)) expect(shown).toBeNull()
      else expect(shown).toEqual(orNull(counted))
    }
    for (const { region, ...shown } of report.regions) {
      const { code } = region
      const { week } = report
      for (const { organisation, views } of shown.viewsByOrganisation ?? [])
        check(
          views,
          raw.views(code, week, (event) => event.organisation.odsCode === organisation.odsCode),
        )
      for (const { role, views } of shown.viewsByRole ?? [])
        check(
          views,
          raw.views(code, week, (event) => event.role.code === role.code),
        )
      for (const { status, decision, count } of shown.outcomes ?? []) {
        check(
          count,
          raw.events(
            week,
            (event) =>
              event.kind === 'VIEW' &&
              event.region === code &&
              event.status === status &&
              event.decision.code === (decision ?? 'UNDECIDED'),
          ),
        )
      }
      const homeOf = (odsCode: string) =>
        findOrganisationRegions(odsCode).includes(code) ? code : (findOrganisationRegions(odsCode)[0] ?? null)
      for (const { region: home, views } of shown.viewsByRegionOfViewer)
        check(
          views,
          raw.views(code, week, ({ organisation }) => homeOf(organisation.odsCode) === home),
        )
      for (const { organisation, type, published, publishedThisWeek } of [
        ...(shown.documentsByOrganisation ?? []),
        ...(shown.documentsByType ?? []),
        ...(shown.documentsByOrganisationAndType ?? []),
      ]) {
        const isIn = (one: { readonly organisation: string; readonly type: string }) =>
          (organisation === null || organisation.odsCode === one.organisation) &&
          (type === null || type.code === one.type)
        check(publishedThisWeek, raw.published(code, week, isIn))
        const all = raw.publishedUntil(code, week, isIn)
        expect(published).toEqual(isSmall(all) ? null : orNull(5 * Math.ceil(all / 5)))
      }
    }
    expect(rows).toBeGreaterThan(60)
    expect(shownRows / rows).toBeGreaterThan(0.5)
  })

  test('has trends whose every period is as counted, and whose means reconcile', () => {
    const begun = toPeriods(Math.min(...year.records.map(({ atMs }) => atMs)))
    const check = ({ periods, known, total, mean }: UtilisationTrend, counted: (period: string) => number) => {
      // What the trail begins in is not known whole.
      const isKnown = ({ period }: { readonly period: string }) =>
        period > (period.includes('W') ? begun.week : begun.month)
      expect(periods.map(({ count }) => count)).toEqual(
        periods.map((one) => (isKnown(one) ? counted(one.period) : null)),
      )
      const sum = periods.filter(isKnown).reduce((all, { period }) => all + counted(period), 0)
      expect([periods.length, known, total, mean]).toEqual([
        13,
        periods.filter(isKnown).length,
        sum,
        Math.trunc(sum / known),
      ])
    }
    for (const { region, viewTrend, documentTrend } of report.regions) {
      expect(viewTrend.weeks.periods.at(-1)?.period).toBe(report.week)
      check(viewTrend.weeks, (period) => raw.views(region.code, period))
      check(viewTrend.months, (period) => raw.views(region.code, period))
      for (const trend of documentTrend ? [documentTrend.weeks, documentTrend.months] : [expect.fail('no trend')]) {
        const counts = trend.periods.map(({ period, count }) => [count, raw.published(region.code, period)] as const)
        for (const [count, counted] of counts) expect(count).toEqual(orNull(counted))
        for (const [count, counted] of counts) if (isSmall(counted)) expect(count).toBeNull()
      }
    }
  })

  test('has the latencies that were measured, to 2.5 %', () => {
    for (const { region, latencyP50Ms, latencyP95Ms } of report.regions) {
      const measured = raw.latencies(region.code, report.week)
      const quantile = (part: number) =>
        measured[Math.ceil(part * measured.length) - 1] ?? expect.fail('nothing was measured')
      for (const [shown, part] of [
        [latencyP50Ms, 0.5],
        [latencyP95Ms, 0.95],
      ] as const)
        expect(Math.abs((shown ?? 0) / quantile(part) - 1)).toBeLessThan(0.026)
    }
  })

  test('says the same when it is asked again', async () => {
    const again = await askReport(system, system.address, report.week)
    expect({ ...again, trailAsOf: '', regions: again.regions.map((one) => ({ ...one, asOf: '' })) }).toEqual({
      ...report,
      trailAsOf: '',
      regions: report.regions.map((one) => ({ ...one, asOf: '' })),
    })
  })
})
