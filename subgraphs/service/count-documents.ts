import type * as Region from '../../schema/generated/region.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { parseWeek, toPeriodBounds } from '../../schema/reporting-period.ts'
import type { RecordStore } from '../store/record-store.ts'

/** The store to count in, and the clock. */
export interface DocumentCountsRequest {
  readonly store: RecordStore
  readonly nowMs: number
}

/**
 * Counts published documents for the scope `reports`. Throws BAD_WEEK for a week that is malformed or has not begun.
 */
export async function countDocuments(
  { store, nowMs }: DocumentCountsRequest,
  { week: name, since }: { readonly week: string; readonly since: string },
): Promise<Region.DocumentCounts> {
  const week = parseWeek(name)
  if (!week || toPeriodBounds(week).startMs > nowMs)
    throw fault('BAD_WEEK', 'Expected an ISO week that has begun, as 2026-W47.')
  const { counts, ...totals } = await store.countDocuments(week, since)
  return {
    countedAt: new Date(nowMs).toISOString(),
    ...totals,
    // The store keeps a source or type without a code under an empty text.
    counts: counts.map((count) => ({ ...count, organisation: count.organisation || null, type: count.type || null })),
  }
}
