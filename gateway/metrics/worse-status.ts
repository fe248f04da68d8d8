import type { RegionStatus } from '../../schema/generated/patient-view.ts'

/** From the answer that shows a record to the silence that hides whether there is one. */
const ranks: Readonly<Record<RegionStatus, number>> = {
  NOT_ASKED: 0,
  ANSWERED: 1,
  NOT_KNOWN: 2,
  PERMISSION_REQUIRED: 3,
  RELATIONSHIP_REQUIRED: 4,
  REFUSED: 5,
  IDENTITY_MISMATCH: 6,
  SUSPENDED: 7,
  TIMED_OUT: 8,
  UNREACHABLE: 9,
  FAILED: 10,
}

/** Of two statuses of a region, for two patients of one request, the one to tell operations of. */
export function worseStatus(one: RegionStatus, other: RegionStatus): RegionStatus {
  return ranks[other] > ranks[one] ? other : one
}
