import type { RegionUtilisation, UtilisationReport } from '../../schema/generated/patient-view.ts'
import type * as Region from '../../schema/generated/region.ts'
import { toTallyKey } from './day-tallies.ts'

/** The whole days of the week that are over: none on a Monday, when the last is before the first. */
export interface WholeDays {
  readonly firstDay: string
  readonly lastDay: string
}

export interface RunningWeekOptions {
  /** Of these days. */
  readonly cells: ReadonlyMap<string, number>
  readonly days: WholeDays
  readonly region: string
  readonly codes: readonly string[]
  readonly counts: Region.DocumentCounts | null
}

/**
 * What may be told of one region in a week that is not over: totals of whole days, rounded up to a multiple of 5. A
 * report of each day, less that of the day before or from the week's exact total, then leaves five values for what lies
 * between.
 */
export function countRunningWeek({
  cells,
  days,
  region,
  codes,
  counts,
}: RunningWeekOptions): Omit<RegionUtilisation, 'region' | 'status' | 'asOf' | 'viewTrend' | 'documentTrend'> {
  const inDays =
    counts?.days.reduce(
      (sum, { day, documents }) => (day >= days.firstDay && day <= days.lastDay ? sum + documents : sum),
      0,
    ) ?? 0
  return {
    ...unknownViews(codes),
    documentsPublished: counts && roundUp(counts.total - counts.inWeek + inDays),
    documentsPublishedThisWeek: counts && roundUpWholeDays(days, inDays),
    views: roundUpWholeDays(days, cells.get(toTallyKey('VIEWS', region)) ?? 0),
    documentsByOrganisation: null,
    documentsByType: null,
    documentsByOrganisationAndType: null,
  }
}

/** Counts the patient views of these days, rounded up to a multiple of 5. */
export function countRunningPatientViews(
  cells: ReadonlyMap<string, number>,
  days: WholeDays,
): Pick<UtilisationReport, 'looks' | 'completeLooks' | 'completeShare'> {
  const looks = (cells.get(toTallyKey('COMPLETE')) ?? 0) + (cells.get(toTallyKey('INCOMPLETE')) ?? 0)
  return { ...unknownPatientViews, looks: roundUpWholeDays(days, looks) }
}

/** No patient views are known. */
export const unknownPatientViews = { looks: null, completeLooks: null, completeShare: null } as const

/** No views of a region are known. */
export function unknownViews(codes: readonly string[]) {
  return {
    ...unpublishedViews,
    views: null,
    viewsByRegionOfViewer: [...codes, null].map((code) => ({ region: code, views: null })),
  }
}

function roundUpWholeDays({ firstDay, lastDay }: WholeDays, count: number): number | null {
  return lastDay < firstDay ? null : roundUp(count)
}

function roundUp(count: number): number {
  return 5 * Math.ceil(count / 5)
}

const unpublishedViews = {
  asked: null,
  viewsFromElsewhere: null,
  shareFromElsewhere: null,
  viewsElsewhere: null,
  shareElsewhere: null,
  viewsByOrganisation: null,
  viewsByRole: null,
  outcomes: null,
  documentsOpened: null,
  glassBroken: null,
  latencyP50Ms: null,
  latencyP95Ms: null,
} as const
