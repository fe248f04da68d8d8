import type * as Region from '../../schema/generated/region.ts'
import { toInstantMs, toPeriod } from '../../schema/partial-date-time.ts'
import { toDayMonthsBefore } from './windows.ts'

// What a patient may be taking. A draft is nobody's prescription yet; a status we do not know is shown rather than missed.
const current: ReadonlySet<Region.MedicationStatus> = new Set([
  'ACTIVE',
  'ON_HOLD',
  'INTENDED',
  'UNKNOWN',
  'UNRECOGNISED',
])
const neverStarted: ReadonlySet<Region.MedicationStatus> = new Set(['DRAFT', 'CANCELLED'])
const repeats: ReadonlySet<Region.MedicationKind | null> = new Set(['REPEAT', 'REPEAT_DISPENSING'])

/** The medications shown when no window is asked for (domain.md): current ones; acute ones of 12 months, and those of no known kind; stopped repeats of 6. */
export function isShownByDefault(medication: Region.Medication, nowMs: number): boolean {
  if (current.has(medication.status)) return true
  if (neverStarted.has(medication.status)) return false
  const months = repeats.has(medication.kind) ? 6 : 12
  const ends = [medication.ended, medication.lastIssued, medication.started, medication.orderedAt].flatMap((text) =>
    text === null ? [] : (toPeriod(text)?.endMs ?? []),
  )
  // Undated: nothing says that it is old.
  return ends.length === 0 || Math.max(...ends) >= (toInstantMs(toDayMonthsBefore(nowMs, months)) ?? 0)
}
