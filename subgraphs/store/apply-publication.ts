import { applyItem } from './apply-item.ts'
import { applyOptOut } from './apply-opt-out.ts'
import { applyPatient } from './apply-patient.ts'
import { applyReferral } from './apply-referral.ts'
import { readLastSequence, recordChange } from './change-log.ts'
import { storeContent } from './contents.ts'
import { findNumbers } from './find-patients.ts'
import { settleDeath } from './patient-statements.ts'
import { nextPublication, recordPublication } from './publication-trail.ts'
import type { PublishEffect } from './published-by.ts'
import { type ApplyResult, type PublishingTransaction, toGreaterEffect } from './publishing-transaction.ts'
import type { Publication, PublicationFault, PublicationOutcome } from './record-store.ts'
import type { ReleaseClasses } from './release-classes.ts'
import type { Statements } from './statements.ts'

export interface ApplyOptions {
  readonly statements: Statements
  readonly releaseClasses: ReleaseClasses
  readonly region: string
  readonly nowMs: number
  /** The transaction holds nothing else: refused, it is rolled back itself. */
  readonly isAlone: boolean
}

/**
 * Applies one publication inside the transaction that is open; refused, it leaves no trace of itself. A savepoint is
 * made only beside others: every statement within one costs SQLite a walk over all pages that were changed since it
 * began, which takes minutes where thousands of items are updated.
 */
export function applyPublication(
  publication: Publication,
  { statements, releaseClasses, region, nowMs, isAlone }: ApplyOptions,
): PublicationOutcome {
  const at = new Date(nowMs).toISOString()
  const { by } = publication
  const work: PublishingTransaction = {
    statements,
    releaseClasses,
    by,
    publication: nextPublication(statements),
    region,
    at,
    patients: new Map(),
    changedPatients: new Map(),
    warnings: [],
  }
  const entries = new Map<number, PublishEffect>()
  const faults: PublicationFault[] = []
  const note = (entry: number, applied: ApplyResult) => {
    if (typeof applied === 'string') entries.set(entry, toGreaterEffect(applied, entries.get(entry)))
    else faults.push(applied)
  }
  if (!isAlone) statements.run('SAVEPOINT publication')
  for (const content of publication.contents) storeContent(statements, content)
  for (const patient of publication.patients) note(patient.entry, applyPatient(work, patient))
  for (const item of publication.items) note(item.entry, applyItem(work, item))
  for (const optOut of publication.optOuts) note(optOut.entry, applyOptOut(work, optOut))
  for (const referral of publication.referrals) note(referral.entry, applyReferral(work, referral))
  if (faults.length > 0) {
    rollBack(work, isAlone)
    return { status: 'refused', faults }
  }
  for (const patient of work.changedPatients.keys()) settleDeath(statements, patient)
  recordChanges(work)
  recordPublication(statements, { publication: work.publication, by, at, entries: entries.values() })
  if (!isAlone) statements.run('RELEASE publication')
  return { status: 'stored', sequence: readLastSequence(statements), entries, warnings: work.warnings }
}

function rollBack({ statements, releaseClasses }: PublishingTransaction, isAlone: boolean): void {
  if (isAlone) statements.run('ROLLBACK')
  else {
    statements.run('ROLLBACK TO publication')
    statements.run('RELEASE publication')
  }
  releaseClasses.forget()
}

function recordChanges({ statements, at, changedPatients: touched }: PublishingTransaction): void {
  for (const [patient, kind] of touched)
    recordChange(statements, { at, kind, nhsNumbers: findNumbers(statements, patient) })
}
