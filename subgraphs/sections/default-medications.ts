import type * as Region from '../../schema/generated/region.ts'
import { toInstantMs, toPeriod } from '../../schema/partial-date-time.ts'
import { toDayMonthsBefore } from './windows.ts'

// Statuses of medicines that a patient may be taking. A draft is not prescribed yet; an unrecognised status is shown,
// so that none is missed.
const current: ReadonlySet<Region.MedicationStatus> = new Set([
  'ACTIVE',
  'ON_HOLD',
  'INTENDED',
  'UNKNOWN',
  'UNRECOGNISED',
])
const neverStarted: ReadonlySet<Region.MedicationStatus> = new Set(['DRAFT', 'CANCELLED'])
const repeats: ReadonlySet<Region.MedicationKind | null> = new Set(['REPEAT', 'REPEAT_DISPENSING'])

/**
 * Whether a medication is shown without a window: current ones, acute and unclassified ones of 12 months, stopped
 * repeats of 6 (schema/README.md).
 */
export function isShownByDefault(medication: Region.Medication, nowMs: number): boolean {
  if (current.has(medication.status)) return true
  if (neverStarted.has(medication.status)) return false
  const months = repeats.has(medication.kind) ? 6 : 12
  const ends = [medication.ended, medication.lastIssued, medication.started, medication.orderedAt].flatMap((text) =>
    text === null ? [] : (toPeriod(text)?.endMs ?? []),
  )
  // An undated medication is shown, because nothing says that it is old.
  return ends.length === 0 || Math.max(...ends) >= (toInstantMs(toDayMonthsBefore(nowMs, months)) ?? 0)
}
