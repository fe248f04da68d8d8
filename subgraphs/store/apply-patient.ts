import type * as Region from '../../schema/generated/region.ts'
import { findPatientKey } from './find-patients.ts'
import { isNewer } from './is-newer.ts'
import { type Applied, type PublishingWork, touch } from './publishing-work.ts'
import type { PublishedPatient } from './record-store.ts'
import type { Statements } from './statements.ts'
import { toDigest } from './to-digest.ts'

interface Row {
  readonly version: number | null
  readonly last_updated: string | null
  readonly digest: string | null
}

/** The key of a number's record, made with verification 01 and without demographics where the number is new here. */
export function ensurePatient({ statements, patients }: PublishingWork, nhsNumber: string): number {
  const known = patients.get(nhsNumber)
  if (known !== undefined) return known
  const key =
    findPatientKey(statements, nhsNumber) ?? statements.insert("INSERT INTO patient (nhs_number, verification, sensitive, local_identifiers) VALUES (?, '01', 0, '[]')", nhsNumber)
  patients.set(nhsNumber, key)
  return key
}

/** Publishes a demographic record; a newer one supersedes, and what it says of earlier numbers takes their records over. */
export function applyPatient(work: PublishingWork, published: PublishedPatient): Applied {
  const { statements, at } = work
  const { entry, nhsNumber, verification, supersedes, sensitive, localIdentifiers, fields } = published
  // A number that was superseded may still be published by a source that has not heard: its record is another one's by now.
  if (isSuperseded(statements, nhsNumber)) return 'older'
  const patient = ensurePatient(work, nhsNumber)
  const held = statements.get<Row>('SELECT version, last_updated, digest FROM patient WHERE patient = ?', patient)
  const digest = toDigest({ nhsNumber, verification, supersedes, sensitive, localIdentifiers, fields })
  if (held?.digest === digest) return 'unchanged'
  const isKnown = held !== undefined && held.digest !== null
  if (isKnown && !isNewer(fields, { version: held.version, lastUpdated: held.last_updated })) return 'older'
  if (isKnown) endDemographics(statements, patient, at)
  const demographics: Region.Demographics = { ...fields, recordedAt: at }
  statements.run(
    'UPDATE patient SET verification = ?, sensitive = ?, local_identifiers = ?, demographics = ?, version = ?, last_updated = ?, digest = ? WHERE patient = ?',
    verification,
    sensitive ? 1 : 0,
    JSON.stringify(localIdentifiers),
    JSON.stringify(demographics),
    fields.version,
    fields.lastUpdated,
    digest,
    patient,
  )
  touch(work, patient, 'publish')
  // A number superseded before is taken over with its last successor, so that one is taken first.
  const known = new Map(supersedes.map((number) => [number, isSuperseded(statements, number)]))
  for (const earlier of supersedes.toSorted((a, b) => Number(known.get(a)) - Number(known.get(b)))) {
    const fault = takeOver(work, patient, nhsNumber, earlier)
    if (fault) return { entry, path: 'Patient.link', code: 'conflict', fault }
    work.patients.clear()
  }
  return isKnown ? 'updated' : 'created'
}

function isSuperseded(statements: Statements, nhsNumber: string): boolean {
  return statements.get('SELECT 1 FROM succession WHERE nhs_number = ?', nhsNumber) !== undefined
}

/** Lets a patient take over an earlier number and all that lies under it. A succession once stated stands. Null, or why not. */
function takeOver({ statements, at }: PublishingWork, patient: number, nhsNumber: string, earlier: string): string | null {
  if (earlier === nhsNumber) return 'A number cannot supersede itself.'
  const successor = statements.get<{ patient: number }>('SELECT patient FROM succession WHERE nhs_number = ?', earlier)?.patient
  if (successor === patient) return null
  if (successor !== undefined) return 'An earlier number was already superseded by another one.'
  const predecessor = statements.get<{ patient: number }>('SELECT patient FROM patient WHERE nhs_number = ?', earlier)?.patient
  if (predecessor !== undefined) moveRecord(statements, { from: predecessor, to: patient, at })
  statements.run('INSERT INTO succession (nhs_number, patient) VALUES (?, ?)', earlier, patient)
  return null
}

/** What both have, as the retraction of an item that was moved between the two, stays under the earlier key, where nobody looks. */
function moveRecord(statements: Statements, { from, to, at }: { readonly from: number; readonly to: number; readonly at: string }): void {
  endDemographics(statements, from, at)
  for (const table of ['item', 'item_history', 'patient_kind', 'patient_history', 'replacement', 'retraction', 'opt_out', 'referral', 'succession']) {
    statements.run(`UPDATE OR IGNORE ${table} SET patient = ? WHERE patient = ?`, to, from)
  }
  statements.run("DELETE FROM retraction WHERE patient = ?1 AND id IN (SELECT id FROM item WHERE patient = ?1 AND lifecycle = 'current')", to)
}

function endDemographics(statements: Statements, patient: number, at: string): void {
  statements.run('INSERT INTO patient_history SELECT patient, ?, verification, sensitive, local_identifiers, demographics FROM patient WHERE patient = ?', at, patient)
}
