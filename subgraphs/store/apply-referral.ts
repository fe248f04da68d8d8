import { ensurePatient } from './apply-patient.ts'
import { isNewer } from './is-newer.ts'
import { canCorrect } from './ownership.ts'
import { type ApplyResult, applyToEach, markChanged, type PublishingTransaction } from './publishing-transaction.ts'
import type { PublishedReferral } from './record-store.ts'
import { toDigest } from './to-digest.ts'

interface Row {
  readonly publisher: string
  readonly patient: number
  readonly active: number
  readonly last_updated: string | null
  readonly digest: string
}

/** Applies a referral or its end. A newer version supersedes the same publisher's earlier one. */
export function applyReferral(transaction: PublishingTransaction, published: PublishedReferral): ApplyResult {
  const { statements, by, publication } = transaction
  const { entry, identifier, resourceId, lastUpdated, active, organisation, authoredOn } = published
  const patient = ensurePatient(transaction, published)
  // Without a business identifier a referral is identified within its patient, because two sources may use one resource
  // id.
  const identity = toDigest(identifier ? [identifier.system, identifier.value] : [organisation, resourceId, null])
  const digest = toDigest({ lastUpdated, active, organisation, authoredOn })
  const rows = statements.all<Row>(
    'SELECT publisher, patient, active, last_updated, digest FROM referral WHERE identity = ?',
    identity,
  )
  const correctable = rows.filter(({ publisher }) => canCorrect(by, publisher))
  if (identifier && correctable.some((one) => one.patient !== patient && one.active === 1)) {
    return {
      entry,
      path: 'ServiceRequest.identifier',
      code: 'conflict',
      fault: 'This identifier already belongs to a referral of another patient.',
    }
  }
  const own = correctable.filter((one) => one.patient === patient)
  return applyToEach<Row | null>(own.length > 0 ? own : [null], (held) => {
    if (held?.digest === digest) return 'unchanged'
    if (held && !isNewer({ version: null, lastUpdated }, { version: null, lastUpdated: held.last_updated }))
      return 'older'
    statements.run(
      `INSERT INTO referral (identity, patient, publisher, publication, active, organisation, authored_on, last_updated, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET publication = excluded.publication, active = excluded.active, organisation = excluded.organisation,
         authored_on = excluded.authored_on, last_updated = excluded.last_updated, digest = excluded.digest`,
      identity,
      patient,
      held?.publisher ?? by.publisher,
      publication,
      active ? 1 : 0,
      organisation,
      authoredOn,
      lastUpdated,
      digest,
    )
    markChanged(transaction, patient, 'publish')
    return held ? 'updated' : 'created'
  })
}
