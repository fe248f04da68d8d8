import type { Kinds } from './kinds.ts'
import type { Change, PublicationFault, PublishedAs } from './record-store.ts'
import type { Statements } from './statements.ts'

/** One publication being applied inside its savepoint. */
export interface PublishingWork {
  readonly statements: Statements
  readonly kinds: Kinds
  /** RegionCode of the store. */
  readonly region: string
  /** When it is recorded: one instant for the whole publication. */
  readonly at: string
  /** Keys of the patients met so far, by number; forgotten when a number is superseded. */
  readonly patients: Map<string, number>
  /** Patients whose records are changed, by key. */
  readonly touched: Map<number, Change['kind']>
}

/** What became of one thing published; a fault refuses the whole publication. */
export type Applied = PublishedAs | PublicationFault

/** Marks a patient's record as changed; a change of consent is told before others. */
export function touch({ touched }: PublishingWork, patient: number, kind: Change['kind']): void {
  if (touched.get(patient) !== 'consent') touched.set(patient, kind)
}
