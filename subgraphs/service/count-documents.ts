import { reportsScope, type TokenHolder } from '../../schema/access-token.ts'
import type * as Region from '../../schema/generated/region.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { findWeek, toBounds } from '../../schema/reporting-period.ts'
import type { RecordStore } from '../store/record-store.ts'

/** Who asks for counts of which store. */
export interface CountsQuestion {
  readonly viewer: TokenHolder
  readonly store: RecordStore
  readonly nowMs: number
}

/** The counts of what was published, for whoever reports. Throws FORBIDDEN without the scope, BAD_WEEK for what is no week that has begun. */
export async function countDocuments(
  { viewer, store, nowMs }: CountsQuestion,
  { week: name, since }: { readonly week: string; readonly since: string },
): Promise<Region.DocumentCounts> {
  if (!viewer.scopes.includes(reportsScope)) throw fault('FORBIDDEN', `Expected a token with the scope ${reportsScope}.`)
  const week = findWeek(name)
  if (!week || toBounds(week).startMs > nowMs) throw fault('BAD_WEEK', 'Expected an ISO week that has begun, as 2026-W47.')
  const { counts, ...totals } = await store.countDocuments(week, since)
  return {
    countedAt: new Date(nowMs).toISOString(),
    ...totals,
    // A source without an ODS code, and a type without a code, are kept under an empty text.
    counts: counts.map((count) => ({ ...count, organisation: count.organisation || null, type: count.type || null })),
  }
}
