import type * as Public from '../../schema/generated/patient-view.ts'
import type * as Region from '../../schema/generated/region.ts'
import { toLondonDay } from '../../schema/london-day.ts'
import { organisationName } from '../../schema/organisations.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { addDays, type ReportingPeriod, toBounds, weekOf } from '../../schema/reporting-period.ts'
import { completeWords, didNotAnswer, toEnumeration, toSentences } from '../view/words.ts'
import { buildTrend } from './build-trend.ts'
import { countPublished, type PublishedCounts } from './count-published.ts'
import { countRunningLooks, countRunningWeek, unknownLooks, unknownViews } from './count-running-week.ts'
import { countViews, type ViewCounts } from './count-views.ts'
import { parseTallyKey, sumDays, tallyKey } from './day-tallies.ts'
import { readQuantile } from './latency-buckets.ts'
import { programmeFigures } from './programme-figures.ts'
import type { Steps } from './steps.ts'
import { isSmall } from './suppress.ts'
import type { ReadTrail } from './trail-tallies.ts'

/** What one region's store told, or why it did not. */
export interface CountsOfRegion {
  readonly region: RegionConfiguration
  readonly status: Public.RegionStatus
  readonly counts: Region.DocumentCounts | null
}

export interface ReportSources {
  readonly week: ReportingPeriod
  readonly nowMs: number
  readonly trail: ReadTrail
  readonly regions: readonly CountsOfRegion[]
}

type WithRegion<T> = Omit<T, 'region'> & { readonly region: RegionConfiguration }

/** The report as the schema shows it; each Region is resolved further. */
export type UtilisationReport = Omit<Public.UtilisationReport, 'regions'> & { readonly regions: readonly WithRegion<Public.RegionUtilisation>[] }

/**
 * The weekly utilisation report, small numbers suppressed. Pure: two reports of one week, once over, from the same stores and trail are the same. Of a
 * week that is not over two reports could be subtracted, view by view, so it has the totals of its whole days, rounded up, and nothing else of its own.
 */
export function* buildReport({ week, nowMs, trail, regions }: ReportSources): Steps<UtilisationReport> {
  const { tallies, asOfMs, sinceMs } = trail
  const since = sinceMs === null ? null : toLondonDay(sinceMs)
  const { startMs, endMs } = toBounds(week)
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
  if (over) for (const { region, counts } of regions) published.set(region.code, toPublished(counts && (yield* countPublished(counts)), counts))
  const trendWeek = over ? week : weekOf(addDays(week.firstDay, -1))
  const codes = regions.map(({ region }) => region.code)
  const toRegion = ({ region, status, counts }: CountsOfRegion) => ({
    region,
    status,
    asOf: counts?.countedAt ?? null,
    viewTrend: buildTrend({ countOn: (day) => tallies.get(day)?.get(tallyKey('VIEWS', region.code)) ?? 0, week: trendWeek, since }),
    documentTrend: counts && buildTrend({ countOn: toDays(counts), week: trendWeek }),
  })
  const isOnTrail = since !== null && since <= week.lastDay
  if (!over) {
    const days = { firstDay: week.firstDay, lastDay: addDays(toLondonDay(nowMs), -1) }
    const cells = sumDays(tallies, days)
    return {
      ...common,
      ...(isOnTrail ? countRunningLooks(cells, days) : unknownLooks),
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
      ...unknownLooks,
      regions: regions.map((one) => ({ ...toRegion(one), ...unknownViews(codes), ...(published.get(one.region.code) ?? toPublished(null, null)) })),
    }
  }
  const cells = sumDays(tallies, week)
  const counted: [string, ViewCounts][] = []
  for (const code of codes) counted.push([code, yield* countViews(cells, code, codes)])
  const views = new Map(withholdAsked(counted))
  return {
    ...common,
    ...countLooks(cells, [...views.values()]),
    regions: regions.map((one): WithRegion<Public.RegionUtilisation> => {
      const { code } = one.region
      return {
        ...toRegion(one),
        ...(published.get(code) ?? toPublished(null, null)),
        ...toViews(code, views, trail.roleNames),
        documentsOpened: unlessSmall(cells.get(tallyKey('OPENED', code)) ?? 0),
        glassBroken: unlessSmall(cells.get(tallyKey('GLASS', code)) ?? 0),
        ...toLatencies(cells, code),
      }
    }),
  }
}

function toDays({ days }: Region.DocumentCounts): (day: string) => number {
  const documents = new Map(days.map((one) => [one.day, one.documents]))
  return (day) => documents.get(day) ?? 0
}

function toCompleteness(regions: readonly CountsOfRegion[], { sinceMs, unread, odd }: ReadTrail, isCovered: boolean): Pick<UtilisationReport, 'complete' | 'message'> {
  const gaps = [
    ...regions.filter(({ counts }) => !counts).map(({ region }) => didNotAnswer(region.applicationName)),
    ...unread.map((writer) => `The audit trail of ${writer} could not be read; what it recorded is missing below`),
    ...[...odd].map(([writer, count]) => `Of the audit trail of ${writer} ${count} ${count === 1 ? 'event' : 'events'} could not be read`),
    ...(isCovered
      ? []
      : [sinceMs === null ? 'The audit trail is empty: no view is known' : `The audit trail begins on ${toLondonDay(sinceMs)}: what was viewed before is not known`]),
  ]
  return { complete: gaps.length === 0, message: toSentences(gaps.length === 0 ? [completeWords(toEnumeration(regions.map(({ region }) => region.applicationName)))] : gaps) }
}

/** Each region is asked in every look, so how often one was asked tells it of all. Where that would give one away, none of it is told: its views are, by the trend. */
function withholdAsked(counts: readonly (readonly [string, ViewCounts])[]): readonly (readonly [string, ViewCounts])[] {
  return counts.some(([, { gaveAway }]) => gaveAway) ? counts.map(([code, one]) => [code, { ...one, asked: null, outcomes: null }]) : counts
}

function countLooks(cells: ReadonlyMap<string, number>, regions: readonly ViewCounts[]): Pick<UtilisationReport, 'looks' | 'completeLooks' | 'completeShare'> {
  const complete = cells.get(tallyKey('COMPLETE')) ?? 0
  const incomplete = cells.get(tallyKey('INCOMPLETE')) ?? 0
  const looks = isSmall(complete + incomplete) || regions.some(({ gaveAway }) => gaveAway) ? null : complete + incomplete
  // As many are incomplete as of any one region at least, and as of all with their views at most: neither may bear on what is hidden.
  const mostNotWhole = Math.max(0, ...regions.map(({ notWhole, isNotWholeHidden }) => (isNotWholeHidden ? notWhole : 0)))
  const isBound =
    regions.some(({ isNotWholeHidden }) => isNotWholeHidden) &&
    (incomplete <= mostNotWhole || incomplete >= regions.reduce((sum, { notWhole, views }) => sum + notWhole + (views ?? 0), 0))
  const completeLooks = looks === null || isSmall(complete) || isSmall(incomplete) || isBound ? null : complete
  return { looks, completeLooks, completeShare: toShare(completeLooks, looks) }
}

function toPublished(tables: PublishedCounts | null, counts: Region.DocumentCounts | null) {
  if (!counts || !tables) {
    return { documentsPublished: null, documentsPublishedThisWeek: null, documentsByOrganisation: null, documentsByType: null, documentsByOrganisationAndType: null }
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

function toViews(region: string, counts: ReadonlyMap<string, ViewCounts>, roleNames: ReadTrail['roleNames']) {
  const own = counts.get(region)
  if (!own) throw new Error(`Utilisation: expected views of ${region}`)
  const homesOf = ({ homes }: ViewCounts, home: string) => (homes === null ? null : homes.has(home) ? (homes.get(home) ?? null) : 0)
  const codes = [...counts.keys()]
  const byRegion = [...codes, ''].map((home) => ({ region: home || null, views: homesOf(own, home) }))
  const viewsFromElsewhere = sumOf(byRegion.flatMap((one) => (one.region === region ? [] : [one.views])))
  const viewsElsewhere = sumOf([...counts].flatMap(([code, one]) => (code === region ? [] : [homesOf(one, region)])))
  return {
    asked: own.asked,
    views: own.views,
    viewsByRegionOfViewer: byRegion,
    viewsFromElsewhere,
    shareFromElsewhere: toShare(viewsFromElsewhere, own.views),
    viewsElsewhere,
    shareElsewhere: toShare(viewsElsewhere, sumOf([viewsElsewhere, homesOf(own, region)])),
    viewsByOrganisation:
      own.organisations?.map(({ home, organisation, views }) => ({ organisation: { odsCode: organisation, name: organisationName(organisation) }, region: home || null, views })) ??
      null,
    viewsByRole: own.roles?.map(({ role, views }) => ({ role: { system: null, code: role, display: roleNames.get(role)?.display ?? null }, views })) ?? null,
    outcomes:
      own.outcomes?.map(({ status, decision, views }) => ({
        status: status as Public.RegionStatus,
        decision: decision === 'UNDECIDED' ? null : (decision as Public.ConsentCode),
        count: views,
      })) ?? null,
  }
}

function toLatencies(cells: ReadonlyMap<string, number>, region: string): Pick<Public.RegionUtilisation, 'latencyP50Ms' | 'latencyP95Ms'> {
  const buckets = new Map<number, number>()
  for (const [key, count] of cells) {
    const [measure, of, bucket] = parseTallyKey(key)
    if (measure === 'LATENCY' && of === region) buckets.set(Number(bucket), count)
  }
  const isFew = [...buckets.values()].reduce((sum, count) => sum + count, 0) < 5
  return { latencyP50Ms: isFew ? null : readQuantile(buckets, 0.5), latencyP95Ms: isFew ? null : readQuantile(buckets, 0.95) }
}

function unlessSmall(count: number): number | null {
  return isSmall(count) ? null : count
}

function sumOf(counts: readonly (number | null)[]): number | null {
  return counts.reduce((sum, count) => (sum === null || count === null ? null : sum + count), 0)
}

function toShare(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : Math.round((1000 * part) / whole) / 1000
}

function toInstant(ms: number): string {
  return new Date(ms).toISOString()
}
