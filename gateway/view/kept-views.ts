import type { RecordReply } from '../regions/region-reply.ts'
import type { PatientView } from './patient-view.ts'
import type { RegionPart } from './region-part.ts'

interface KeptView {
  readonly records: readonly RecordReply[]
  readonly view: PatientView
}

// A kept record was read for one patient, one question and one scope, and is the same object each time: with all the records the same, so is the view.
const views = new WeakMap<RecordReply, KeptView>()

/** The view that was made of these very replies, all of them out of the cache; null where it is to be made. */
export function findKeptView(parts: readonly RegionPart[]): PatientView | null {
  const records = toKeptRecords(parts)
  const kept = records?.[0] && views.get(records[0])
  return kept?.records.every((record, index) => record === records?.[index]) ? kept.view : null
}

/** Keeps a view for as long as its replies are kept. */
export function keepView(parts: readonly RegionPart[], view: PatientView): void {
  const records = toKeptRecords(parts)
  if (!records?.[0]) return
  views.set(records[0], { records, view })
  keepTexts(view)
}

// Of kept views alone: a view that is seen once leaves nothing behind.
const texts = new WeakMap<object, Map<string, string>>()

/** From now on, what is printed of a view is kept with it. */
export function keepTexts(view: object): void {
  texts.set(view, new Map())
}

/** What was printed of a view, by how; null of one that is not kept. */
export function textsOf(view: object): Map<string, string> | null {
  return texts.get(view) ?? null
}

/** Null unless every region answered out of the cache. */
function toKeptRecords(parts: readonly RegionPart[]): readonly RecordReply[] | null {
  const records = parts.flatMap((part) => (part.status === 'ANSWERED' && part.fromCache ? [part.reply.record] : []))
  return records.length === parts.length ? records : null
}
