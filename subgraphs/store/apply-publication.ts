import { applyItem } from './apply-item.ts'
import { applyOptOut } from './apply-opt-out.ts'
import { applyPatient } from './apply-patient.ts'
import { applyReferral } from './apply-referral.ts'
import { lastSequence, recordChange } from './changes.ts'
import { storeContent } from './contents.ts'
import { findNumbers } from './find-patients.ts'
import type { Kinds } from './kinds.ts'
import { nextPublication, recordPublication } from './publication-trail.ts'
import { type Applied, type PublishingWork, toGreater } from './publishing-work.ts'
import type { Publication, PublicationFault, PublicationOutcome, PublishedAs } from './record-store.ts'
import type { Statements } from './statements.ts'

export interface ApplyOptions {
  readonly statements: Statements
  readonly kinds: Kinds
  readonly region: string
  readonly nowMs: number
}

/** Applies one publication inside the transaction that is open; refused, it leaves no trace of itself. */
export function applyPublication(publication: Publication, { statements, kinds, region, nowMs }: ApplyOptions): PublicationOutcome {
  const at = new Date(nowMs).toISOString()
  const { by } = publication
  const work: PublishingWork = { statements, kinds, by, publication: nextPublication(statements), region, at, patients: new Map(), touched: new Map(), warnings: [] }
  const entries = new Map<number, PublishedAs>()
  const faults: PublicationFault[] = []
  const note = (entry: number, applied: Applied) => {
    if (typeof applied === 'string') entries.set(entry, toGreater(applied, entries.get(entry)))
    else faults.push(applied)
  }
  statements.run('SAVEPOINT publication')
  for (const content of publication.contents) storeContent(statements, content)
  for (const patient of publication.patients) note(patient.entry, applyPatient(work, patient))
  for (const item of publication.items) note(item.entry, applyItem(work, item))
  for (const optOut of publication.optOuts) note(optOut.entry, applyOptOut(work, optOut))
  for (const referral of publication.referrals) note(referral.entry, applyReferral(work, referral))
  if (faults.length > 0) rollBack(work)
  else {
    recordChanges(work)
    recordPublication(statements, { publication: work.publication, by, at, entries: entries.values() })
  }
  statements.run('RELEASE publication')
  return faults.length > 0 ? { status: 'refused', faults } : { status: 'stored', sequence: lastSequence(statements), entries, warnings: work.warnings }
}

function rollBack({ statements, kinds }: PublishingWork): void {
  statements.run('ROLLBACK TO publication')
  kinds.forget()
}

function recordChanges({ statements, at, touched }: PublishingWork): void {
  for (const [patient, kind] of touched) recordChange(statements, { at, kind, nhsNumbers: findNumbers(statements, patient) })
}
