import type * as Public from '../../schema/generated/patient-view.ts'
import type { ProgrammeFigure } from '../../schema/generated/patient-view.ts'
import type * as Region from '../../schema/generated/region.ts'
import { toLondonDay } from '../../schema/london-day.ts'
import { findOrganisationName } from '../../schema/organisations.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { addDays, type ReportingPeriod, toPeriodBounds, toWeek } from '../../schema/reporting-period.ts'
import { completeMessage, didNotAnswerMessage, toEnumeration, toSentences } from '../patient-view/messages.ts'
import { buildTrend } from './build-trend.ts'
import type { CooperativeTask } from './cooperative-task.ts'
import { countPublished, type PublishedCounts } from './count-published.ts'
import { countRunningPatientViews, countRunningWeek, unknownPatientViews, unknownViews } from './count-running-week.ts'
import { countViews, type ViewCounts } from './count-views.ts'
import { parseTallyKey, sumDays, toTallyKey } from './day-tallies.ts'
import { readQuantile } from './latency-buckets.ts'
import figures from './programme-figures.json' with { type: 'json' }
import { isSmall } from './suppress.ts'
import type { TrailSnapshot } from './trail-tallies.ts'

/** The counts of one region's store, or why there are none. */
export interface RegionCounts {
  readonly region: RegionConfiguration
  readonly status: Public.RegionStatus
  readonly counts: Region.DocumentCounts | null
}

export interface ReportSources {
  readonly week: ReportingPeriod
  readonly nowMs: number
  readonly trail: TrailSnapshot
  readonly regions: readonly RegionCounts[]
}

type WithRegion<T> = Omit<T, 'region'> & { readonly region: RegionConfiguration }

/** The report as the schema shows it; each Region is resolved further. */
export type UtilisationReport = Omit<Public.UtilisationReport, 'regions'> & {
  readonly regions: readonly WithRegion<Public.RegionUtilisation>[]
}

/**
 * The weekly utilisation report, small numbers suppressed. Pure: two reports of one week, once over, from the same
 * stores and trail are the same. Of a week that is not over two reports could be subtracted, view by view, so it has
 * the totals of its whole days, rounded up, and nothing else of its own.
 */
export function* buildReport({ week, nowMs, trail, regions }: ReportSources): CooperativeTask<UtilisationReport> {
  const { tallies, asOfMs, sinceMs } = trail
  const since = sinceMs === null ? null : toLondonDay(sinceMs)
  const { startMs, endMs } = toPeriodBounds(week)
  const over = endMs <= nowMs
  const common = {
    week: week.name,
    from: toInstant(startMs),
    until: toInstant(endMs),
    over,
    ...toCompleteness(regions, trail, since !== null && since <= week.firstDay),
    trailAsOf: toInstant(asOfMs),
    trailSince: sinceMs === null ? null : toInstant(sinceMs),
    history: programmeFigures,
  }
  const published = new Map<string, ReturnType<typeof toPublished>>()
  if (over)
    for (const { region, counts } of regions)
      published.set(region.code, toPublished(counts && (yield* countPublished(counts)), counts))
  const trendWeek = over ? week : toWeek(addDays(week.firstDay, -1))
  const codes = regions.map(({ region }) => region.code)
  const toRegion = ({ region, status, counts }: RegionCounts) => ({
    region,
    status,
    asOf: counts?.countedAt ?? null,
    viewTrend: buildTrend({
      countOn: (day) => tallies.get(day)?.get(toTallyKey('VIEWS', region.code)) ?? 0,
      week: trendWeek,
      since,
    }),
    documentTrend: counts && buildTrend({ countOn: toDays(counts), week: trendWeek }),
  })
  const isOnTrail = since !== null && since <= week.lastDay
  if (!over) {
    const days = { firstDay: week.firstDay, lastDay: addDays(toLondonDay(nowMs), -1) }
    const cells = sumDays(tallies, days)
    return {
      ...common,
      ...(isOnTrail ? countRunningPatientViews(cells, days) : unknownPatientViews),
      regions: regions.map((one) => ({
        ...toRegion(one),
        ...countRunningWeek({ cells, days, region: one.region.code, codes, counts: one.counts }),
        ...(isOnTrail ? {} : { views: null }),
      })),
    }
  }
  if (!isOnTrail) {
    return {
      ...common,
      ...unknownPatientViews,
      regions: regions.map((one) => ({
        ...toRegion(one),
        ...unknownViews(codes),
        ...(published.get(one.region.code) ?? toPublished(null, null)),
      })),
    }
  }
  const cells = sumDays(tallies, week)
  const counted: [string, ViewCounts][] = []
  for (const code of codes) counted.push([code, yield* countViews(cells, code, codes)])
  const views = new Map(withholdRequested(counted))
  return {
    ...common,
    ...countPatientViews(cells, [...views.values()]),
    regions: regions.map((one): WithRegion<Public.RegionUtilisation> => {
      const { code } = one.region
      return {
        ...toRegion(one),
        ...(published.get(code) ?? toPublished(null, null)),
        ...toViews(code, views, trail.roleNames),
        documentsOpened: unlessSmall(cells.get(toTallyKey('OPENED', code)) ?? 0),
        glassBroken: unlessSmall(cells.get(toTallyKey('GLASS', code)) ?? 0),
        ...toLatencies(cells, code),
      }
    }),
  }
}

function toDays({ days }: Region.DocumentCounts): (day: string) => number {
  const documents = new Map(days.map((one) => [one.day, one.documents]))
  return (day) => documents.get(day) ?? 0
}

function toCompleteness(
  regions: readonly RegionCounts[],
  { sinceMs, unreadableWriters, odd }: TrailSnapshot,
  isCovered: boolean,
): Pick<UtilisationReport, 'complete' | 'message'> {
  const gaps = [
    ...regions.filter(({ counts }) => !counts).map(({ region }) => didNotAnswerMessage(region.applicationName)),
    ...unreadableWriters.map(
      (writer) => `The audit trail of ${writer} could not be read; what it recorded is missing below`,
    ),
    ...[...odd].map(
      ([writer, count]) =>
        `Of the audit trail of ${writer} ${count} ${count === 1 ? 'event' : 'events'} could not be read`,
    ),
    ...(isCovered
      ? []
      : [
          sinceMs === null
            ? 'The audit trail is empty: no view is known'
            : `The audit trail begins on ${toLondonDay(sinceMs)}: what was viewed before is not known`,
        ]),
  ]
  return {
    complete: gaps.length === 0,
    message: toSentences(
      gaps.length === 0 ? [completeMessage(toEnumeration(regions.map(({ region }) => region.applicationName)))] : gaps,
    ),
  }
}

/**
 * Each region is asked in every look, so how often one was asked tells it of all. Where that would give one away, none
 * of it is told: its views are, by the trend.
 */
function withholdRequested(
  counts: readonly (readonly [string, ViewCounts])[],
): readonly (readonly [string, ViewCounts])[] {
  return counts.some(([, { isAskedDisclosive }]) => isAskedDisclosive)
    ? counts.map(([code, one]) => [code, { ...one, asked: null, outcomes: null }])
    : counts
}

function countPatientViews(
  cells: ReadonlyMap<string, number>,
  regions: readonly ViewCounts[],
): Pick<UtilisationReport, 'looks' | 'completeLooks' | 'completeShare'> {
  const complete = cells.get(toTallyKey('COMPLETE')) ?? 0
  const incomplete = cells.get(toTallyKey('INCOMPLETE')) ?? 0
  const looks =
    isSmall(complete + incomplete) || regions.some(({ isAskedDisclosive }) => isAskedDisclosive)
      ? null
      : complete + incomplete
  // As many are incomplete as of any one region at least, and as of all with their views at most: neither may bear on
  // what is hidden.
  const mostNotWhole = Math.max(
    0,
    ...regions.map(({ incompleteCount, isIncompleteCountHidden }) => (isIncompleteCountHidden ? incompleteCount : 0)),
  )
  const isBound =
    regions.some(({ isIncompleteCountHidden }) => isIncompleteCountHidden) &&
    (incomplete <= mostNotWhole ||
      incomplete >= regions.reduce((sum, { incompleteCount, views }) => sum + incompleteCount + (views ?? 0), 0))
  const completeLooks = looks === null || isSmall(complete) || isSmall(incomplete) || isBound ? null : complete
  return { looks, completeLooks, completeShare: toShare(completeLooks, looks) }
}

function toPublished(tables: PublishedCounts | null, counts: Region.DocumentCounts | null) {
  if (!counts || !tables) {
    return {
      documentsPublished: null,
      documentsPublishedThisWeek: null,
      documentsByOrganisation: null,
      documentsByType: null,
      documentsByOrganisationAndType: null,
    }
  }
  const { byOrganisation, byType, byOrganisationAndType } = tables
  return {
    documentsPublished: unlessSmall(counts.total),
    documentsPublishedThisWeek: unlessSmall(counts.inWeek),
    documentsByOrganisation: byOrganisation,
    documentsByType: byType,
    documentsByOrganisationAndType: byOrganisationAndType,
  }
}

function toViews(region: string, counts: ReadonlyMap<string, ViewCounts>, roleNames: TrailSnapshot['roleNames']) {
  const own = counts.get(region)
  if (!own) throw new Error(`Utilisation: expected views of ${region}`)
  const homesOf = ({ homes }: ViewCounts, home: string) =>
    homes === null ? null : homes.has(home) ? (homes.get(home) ?? null) : 0
  const codes = [...counts.keys()]
  const byRegion = [...codes, ''].map((home) => ({ region: home || null, views: homesOf(own, home) }))
  const viewsFromElsewhere = sumKnownCounts(byRegion.flatMap((one) => (one.region === region ? [] : [one.views])))
  const viewsElsewhere = sumKnownCounts(
    [...counts].flatMap(([code, one]) => (code === region ? [] : [homesOf(one, region)])),
  )
  return {
    asked: own.asked,
    views: own.views,
    viewsByRegionOfViewer: byRegion,
    viewsFromElsewhere,
    shareFromElsewhere: toShare(viewsFromElsewhere, own.views),
    viewsElsewhere,
    shareElsewhere: toShare(viewsElsewhere, sumKnownCounts([viewsElsewhere, homesOf(own, region)])),
    viewsByOrganisation:
      own.organisations?.map(({ home, organisation, views }) => ({
        organisation: { odsCode: organisation, name: findOrganisationName(organisation) },
        region: home || null,
        views,
      })) ?? null,
    viewsByRole:
      own.roles?.map(({ role, views }) => ({
        role: { system: null, code: role, display: roleNames.get(role)?.display ?? null },
        views,
      })) ?? null,
    outcomes:
      own.outcomes?.map(({ status, decision, views }) => ({
        status: status as Public.RegionStatus,
        decision: decision === 'UNDECIDED' ? null : (decision as Public.ConsentCode),
        count: views,
      })) ?? null,
  }
}

function toLatencies(
  cells: ReadonlyMap<string, number>,
  region: string,
): Pick<Public.RegionUtilisation, 'latencyP50Ms' | 'latencyP95Ms'> {
  const buckets = new Map<number, number>()
  for (const [key, count] of cells) {
    const [measure, of, bucket] = parseTallyKey(key)
    if (measure === 'LATENCY' && of === region) buckets.set(Number(bucket), count)
  }
  const isFew = [...buckets.values()].reduce((sum, count) => sum + count, 0) < 5
  return {
    latencyP50Ms: isFew ? null : readQuantile(buckets, 0.5),
    latencyP95Ms: isFew ? null : readQuantile(buckets, 0.95),
  }
}

function unlessSmall(count: number): number | null {
  return isSmall(count) ? null : count
}

function sumKnownCounts(counts: readonly (number | null)[]): number | null {
  return counts.reduce((sum, count) => (sum === null || count === null ? null : sum + count), 0)
}

function toShare(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : Math.round((1000 * part) / whole) / 1000
}

function toInstant(ms: number): string {
  return new Date(ms).toISOString()
}

const { source, documents, views } = figures

/** What the programme published of itself, as printed: history, and no part of any sum. */
export const programmeFigures: readonly ProgrammeFigure[] = [
  ...documents.map(
    ({ region, applicationName, on, count }): ProgrammeFigure => ({
      region,
      applicationName,
      measure: 'DOCUMENTS',
      dates: on,
      count,
      mean: null,
      source,
    }),
  ),
  ...views.map(
    ({ region, applicationName, from, to, count, mean }): ProgrammeFigure => ({
      region,
      applicationName,
      measure: 'VIEWS',
      dates: `${from} to ${to}`,
      count,
      mean,
      source,
    }),
  ),
]
