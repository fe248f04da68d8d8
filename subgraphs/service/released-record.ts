import type { PatientRow } from '../store/record-store.ts'
import type { SectionReads } from './section-reads.ts'

/** A record that may be shown: the source of the SDL's type Record. */
export interface ReleasedRecord {
  readonly patient: PatientRow
  readonly reads: SectionReads
}
