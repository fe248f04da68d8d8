import type { PublishEffect, PublishedBy } from './published-by.ts'
import type { PublicationFault, StoreChange } from './record-store.ts'
import type { ReleaseClasses } from './release-classes.ts'
import type { Statements } from './statements.ts'

/** One publication being applied inside its savepoint. */
export interface PublishingTransaction {
  readonly statements: Statements
  readonly releaseClasses: ReleaseClasses
  readonly by: PublishedBy
  /** Key of the publication on the publishing trail. */
  readonly publication: number
  /** RegionCode of the store. */
  readonly region: string
  /** When it is recorded: one instant for the whole publication. */
  readonly at: string
  /** Keys of the patients met so far, by number; forgotten when a number is superseded. */
  readonly patients: Map<string, number>
  /** Patients whose records are changed, by key. */
  readonly changedPatients: Map<number, StoreChange['kind']>
  /** What is stored but takes no effect yet. */
  readonly warnings: PublicationFault[]
}

/** What became of one thing published; a fault refuses the whole publication. */
export type ApplyResult = PublishEffect | PublicationFault

/** Marks a patient's record as changed; a change of consent is told before others. */
export function markChanged(
  { changedPatients: touched }: PublishingTransaction,
  patient: number,
  kind: StoreChange['kind'],
): void {
  if (touched.get(patient) !== 'consent') touched.set(patient, kind)
}

/** Of several things that came of one entry, the greatest change is told. */
export function toGreaterEffect(a: PublishEffect, b: PublishEffect | undefined): PublishEffect {
  const order: readonly PublishEffect[] = ['older', 'unchanged', 'retracted', 'updated', 'created']
  return b !== undefined && order.indexOf(b) > order.indexOf(a) ? b : a
}

/** Applies one thing to each of several statements; the first fault stands for all. */
export function applyToEach<Statement>(
  statements: readonly Statement[],
  apply: (statement: Statement) => ApplyResult,
): ApplyResult {
  let greatest: PublishEffect | undefined
  for (const statement of statements) {
    const applied = apply(statement)
    if (typeof applied !== 'string') return applied
    greatest = toGreaterEffect(applied, greatest)
  }
  return greatest ?? 'unchanged'
}
