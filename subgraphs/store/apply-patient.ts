import type * as Region from '../../schema/generated/region.ts'
import { findPatientKey } from './find-patients.ts'
import { isNewer } from './is-newer.ts'
import { canCorrect, canLiftProtection } from './ownership.ts'
import { settlePatient } from './patient-statements.ts'
import { type ApplyResult, applyToEach, markChanged, type PublishingTransaction } from './publishing-transaction.ts'
import type { PublishedPatient } from './record-store.ts'
import { confirmByPractice, followSuccession, isSuperseded, supersede } from './successions.ts'
import { toDigest } from './to-digest.ts'

interface Row {
  readonly publisher: string
  readonly version: number | null
  readonly last_updated: string | null
  /** Null for a row that holds only the sensitive flag. */
  readonly digest: string | null
}

/**
 * The key of the record that a publisher's statements of a number lie in, made with verification 01 and without
 * demographics where it is new here.
 */
export function ensurePatient(
  transaction: PublishingTransaction,
  { nhsNumber, entry }: { readonly nhsNumber: string; readonly entry: number },
  path = '',
): number {
  const { statements, patients } = transaction
  const known = patients.get(nhsNumber)
  if (known !== undefined) return known
  const key =
    followSuccession(transaction, { nhsNumber, entry, path }) ??
    findPatientKey(statements, nhsNumber) ??
    statements.insert(
      "INSERT INTO patient (nhs_number, verification, sensitive, local_identifiers) VALUES (?, '01', 0, '[]')",
      nhsNumber,
    )
  patients.set(nhsNumber, key)
  return key
}

/**
 * Publishes a demographic record as a statement of its publisher's, beside those of others; a newer one supersedes the
 * same publisher's, and what it says of earlier numbers takes their records over.
 */
export function applyPatient(transaction: PublishingTransaction, published: PublishedPatient): ApplyResult {
  const { statements } = transaction
  const { nhsNumber } = published
  confirmByPractice(transaction, published)
  const patient = ensurePatient(transaction, published, 'Patient.identifier')
  // A source may still publish a superseded number, whose record is part of another by now.
  if (isSuperseded(statements, nhsNumber)) {
    if (published.sensitive) keepFlag(transaction, patient)
    return 'older'
  }
  const rows = statements.all<Row>(
    'SELECT publisher, version, last_updated, digest FROM patient_statement WHERE patient = ?',
    patient,
  )
  // A statement without a publisher is from an earlier database version; only the store's office may correct it.
  const own = rows.filter(
    ({ publisher }) =>
      canLiftProtection(transaction.by, publisher) || (publisher === '' && canCorrect(transaction.by, publisher)),
  )
  const applied = applyToEach<Row | null>(own.length > 0 ? own : [null], (held) =>
    applyStatement(transaction, patient, held, published),
  )
  if (applied === 'created' || applied === 'updated') {
    settlePatient(transaction, patient)
    markChanged(transaction, patient, 'publish')
  }
  const fault = applied === 'older' ? null : supersede(transaction, patient, published)
  return fault ?? applied
}

function applyStatement(
  transaction: PublishingTransaction,
  patient: number,
  held: Row | null,
  published: PublishedPatient,
): ApplyResult {
  const { statements, at, by, publication } = transaction
  const { nhsNumber, verification, supersedes, sensitive, localIdentifiers, fields } = published
  const digest = toDigest({ nhsNumber, verification, supersedes, sensitive, localIdentifiers, fields })
  if (held?.digest === digest) return 'unchanged'
  const isKnown = held !== null && held.digest !== null
  if (isKnown && !isNewer(fields, { version: held.version, lastUpdated: held.last_updated })) return 'older'
  const demographics: Region.Demographics = { ...fields, recordedAt: at }
  statements.run(
    `INSERT OR REPLACE INTO patient_statement (patient, publisher, publication, verification, sensitive, local_identifiers, demographics, version, last_updated, digest)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    patient,
    held?.publisher ?? by.publisher,
    publication,
    verification,
    sensitive ? 1 : 0,
    JSON.stringify(localIdentifiers),
    JSON.stringify(demographics),
    fields.version,
    fields.lastUpdated,
    digest,
  )
  return isKnown ? 'updated' : 'created'
}

/** A flag protects the patient whatever number it was published under. */
function keepFlag(transaction: PublishingTransaction, patient: number): void {
  const { statements, by, publication } = transaction
  const changed = statements.run(
    `INSERT INTO patient_statement (patient, publisher, publication, verification, sensitive, local_identifiers) VALUES (?, ?, ?, '', 1, '[]')
     ON CONFLICT DO UPDATE SET sensitive = 1, publication = excluded.publication WHERE sensitive = 0`,
    patient,
    by.publisher,
    publication,
  )
  if (changed === 0) return
  settlePatient(transaction, patient)
  markChanged(transaction, patient, 'publish')
}
