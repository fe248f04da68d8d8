import { ensurePatient } from './apply-patient.ts'
import { isNewer } from './is-newer.ts'
import { canCorrect } from './ownership.ts'
import { type ApplyResult, applyToEach, markChanged, type PublishingTransaction } from './publishing-transaction.ts'
import type { PublishedOptOut } from './record-store.ts'
import { toDigest } from './to-digest.ts'

interface Row {
  readonly publisher: string
  readonly patient: number
  readonly last_updated: string | null
  readonly digest: string
}

/**
 * Applies an opt-out or its withdrawal. Each publisher's Consent stands alone: withdrawing one leaves others in force.
 */
export function applyOptOut(transaction: PublishingTransaction, published: PublishedOptOut): ApplyResult {
  const { statements, by, publication } = transaction
  const { entry, nhsNumber, identifier, resourceId, lastUpdated, active, organisation } = published
  const patient = ensurePatient(transaction, published)
  // An opt-out has no source organisation, so a resource id identifies it within its patient only.
  const identity = toDigest(identifier ? [identifier.system, identifier.value] : [patient, resourceId])
  const digest = toDigest({ nhsNumber, lastUpdated, active, organisation })
  const own = statements
    .all<Row>('SELECT publisher, patient, last_updated, digest FROM opt_out WHERE identity = ?', identity)
    .filter(({ publisher }) => canCorrect(by, publisher))
  return applyToEach<Row | null>(own.length > 0 ? own : [null], (held) => {
    if (held && held.patient !== patient) {
      return {
        entry,
        path: 'Consent.identifier',
        code: 'conflict',
        fault: 'This identifier already belongs to a consent of another patient.',
      }
    }
    if (held?.digest === digest) return 'unchanged'
    if (held && !isNewer({ version: null, lastUpdated }, { version: null, lastUpdated: held.last_updated }))
      return 'older'
    statements.run(
      `INSERT INTO opt_out (identity, publisher, publication, patient, active, organisation, last_updated, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET publication = excluded.publication, active = excluded.active, organisation = excluded.organisation,
         last_updated = excluded.last_updated, digest = excluded.digest`,
      identity,
      held?.publisher ?? by.publisher,
      publication,
      patient,
      active ? 1 : 0,
      organisation === null ? null : JSON.stringify(organisation),
      lastUpdated,
      digest,
    )
    markChanged(transaction, patient, 'consent')
    return held ? 'updated' : 'created'
  })
}
