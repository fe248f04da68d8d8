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
  /** The instant of recording, the same for the whole publication. */
  readonly at: string
  /** Keys of the patients met so far, by number; forgotten when a number is superseded. */
  readonly patients: Map<string, number>
  /** Patients whose records are changed, by key. */
  readonly changedPatients: Map<number, StoreChange['kind']>
  /** Faults of what is stored but has no effect yet. */
  readonly warnings: PublicationFault[]
}

/** The effect of one published thing; a fault refuses the whole publication. */
export type ApplyResult = PublishEffect | PublicationFault

/** Marks a patient's record as changed. A change of consent takes precedence. */
export function markChanged(
  { changedPatients: touched }: PublishingTransaction,
  patient: number,
  kind: StoreChange['kind'],
): void {
  if (touched.get(patient) !== 'consent') touched.set(patient, kind)
}

/** Returns the greater of two effects of one entry. */
export function toGreaterEffect(a: PublishEffect, b: PublishEffect | undefined): PublishEffect {
  const order: readonly PublishEffect[] = ['older', 'unchanged', 'retracted', 'updated', 'created']
  return b !== undefined && order.indexOf(b) > order.indexOf(a) ? b : a
}

/** Applies one thing to several statements. The first fault is the result. */
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
