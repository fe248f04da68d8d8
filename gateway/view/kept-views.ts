import type { RecordReply } from '../regions/region-reply.ts'
import type { PatientView } from './patient-view.ts'
import type { RegionPart } from './region-part.ts'

/** By a region's record, what is kept of it together with the next region's; at the last one's, the view. All of it goes as soon as one of them does. */
interface Kept {
  readonly next: WeakMap<RecordReply, Kept>
  view: PatientView | null
}

// A kept record was read for one patient, one question and one scope, and is the same object each time: with all the records the same, so is the view.
const kept = new WeakMap<RecordReply, Kept>()

/** The view that was made of these very replies, all of them out of the cache; null where it is to be made. */
export function findKeptView(parts: readonly RegionPart[]): PatientView | null {
  let found: Kept | undefined
  for (const record of toKeptRecords(parts) ?? []) {
    found = (found?.next ?? kept).get(record)
    if (!found) return null
  }
  return found?.view ?? null
}

/** Keeps a view for as long as its replies are kept. */
export function keepView(parts: readonly RegionPart[], view: PatientView): void {
  const records = toKeptRecords(parts)
  let last: Kept | undefined
  for (const record of records ?? []) {
    const next = last?.next ?? kept
    last = next.get(record) ?? { next: new WeakMap(), view: null }
    next.set(record, last)
  }
  if (last) last.view = view
}

/** Null unless every region answered out of the cache. */
function toKeptRecords(parts: readonly RegionPart[]): readonly RecordReply[] | null {
  const records = parts.flatMap((part) => (part.status === 'ANSWERED' && part.fromCache ? [part.reply.record] : []))
  return records.length === parts.length ? records : null
}
