import { corrects } from './ownership.ts'
import { endDemographics, settlePatient } from './patient-statements.ts'
import { settleProtections } from './protection.ts'
import { type PublishingWork, touch } from './publishing-work.ts'
import type { PublicationFault, PublishedPatient } from './record-store.ts'
import type { Statements } from './statements.ts'

/** Whether another number has taken a number's place. */
export function isSuperseded(statements: Statements, nhsNumber: string): boolean {
  return statements.get('SELECT 1 FROM succession WHERE nhs_number = ?', nhsNumber) !== undefined
}

/**
 * Lets a patient take over the earlier numbers that a demographic record names, and all that lies under them. What other publishers hold under
 * an earlier number is not moved on a stranger's word, which would show one person's record as another's: the claim is kept, and a warning
 * says so. Null, or why the publication is refused.
 */
export function supersede(work: PublishingWork, patient: number, { entry, nhsNumber, supersedes }: PublishedPatient): PublicationFault | null {
  const known = new Map(supersedes.map((number) => [number, isSuperseded(work.statements, number)]))
  // A number superseded before is taken over with its last successor, so that one is taken first.
  for (const earlier of supersedes.toSorted((a, b) => Number(known.get(a)) - Number(known.get(b)))) {
    const outcome = takeOver(work, patient, nhsNumber, earlier)
    if (outcome === 'held') work.warnings.push({ entry, path: 'Patient.link', code: 'business-rule', fault: held })
    else if (outcome !== 'done') return { entry, path: 'Patient.link', code: 'conflict', fault: outcome }
    work.patients.clear()
  }
  return null
}

const held = "Others' records lie under the earlier number: it is kept apart until another publisher, the practice that they name or the store's office says the same."

type TakeOver = 'done' | 'held' | (string & {})

function takeOver(work: PublishingWork, patient: number, nhsNumber: string, earlier: string): TakeOver {
  const { statements, by, publication } = work
  if (earlier === nhsNumber) return 'A number cannot supersede itself.'
  const successor = statements.get<{ patient: number }>('SELECT patient FROM succession WHERE nhs_number = ?', earlier)?.patient
  if (successor === patient) return 'done'
  if (successor !== undefined && isOwnClaim(work, earlier)) return 'An earlier number was already superseded by another one.'
  statements.run('INSERT OR IGNORE INTO succession_claim (nhs_number, successor, publisher, publication) VALUES (?, ?, ?, ?)', earlier, nhsNumber, by.publisher, publication)
  if (successor !== undefined) return 'held'
  const predecessor = statements.get<{ patient: number }>('SELECT patient FROM patient WHERE nhs_number = ?', earlier)?.patient
  if (predecessor !== undefined) {
    if (!mayMove(work, predecessor, { earlier, nhsNumber })) return 'held'
    moveRecord(work, { from: predecessor, to: patient })
    touch(work, patient, 'publish')
  }
  statements.run('INSERT INTO succession (nhs_number, patient) VALUES (?, ?)', earlier, patient)
  return 'done'
}

/** Whether the succession that stands is this publisher's word, or was stated before publishers were kept. */
function isOwnClaim({ statements, by }: PublishingWork, earlier: string): boolean {
  const claims = statements.all<{ publisher: string }>('SELECT publisher FROM succession_claim WHERE nhs_number = ?', earlier)
  return claims.length === 0 || claims.some(({ publisher }) => corrects(by, publisher))
}

/** Whether all under the earlier number is the publisher's to correct; else whether another says the same, or names the publisher as the practice. */
function mayMove({ statements, by }: PublishingWork, predecessor: number, { earlier, nhsNumber }: { readonly earlier: string; readonly nhsNumber: string }): boolean {
  const owners = statements.all<{ owner: string }>(selectOwners, predecessor).map(({ owner }) => owner)
  if (owners.every((owner) => corrects(by, owner))) return true
  const claims = statements.all<{ publisher: string }>('SELECT publisher FROM succession_claim WHERE nhs_number = ? AND successor = ?', earlier, nhsNumber)
  if (claims.some(({ publisher }) => publisher !== by.publisher)) return true
  const practices = statements.all<{ publisher: string; practice: string | null }>(selectPractices, predecessor)
  return practices.some(({ publisher, practice }) => !corrects(by, publisher) && practice !== null && corrects(by, practice))
}

const selectOwners = `SELECT publisher AS owner FROM patient_statement WHERE patient = ?1 UNION SELECT owner FROM item WHERE patient = ?1
  UNION SELECT publisher FROM opt_out WHERE patient = ?1 UNION SELECT publisher FROM referral WHERE patient = ?1`
const selectPractices = "SELECT publisher, demographics ->> '$.gpPractice.odsCode' AS practice FROM patient_statement WHERE patient = ?"

const moved = ['item', 'item_history', 'patient_kind', 'patient_history', 'patient_statement', 'replacement', 'retraction', 'opt_out', 'referral', 'succession']

/** What both have, as the retraction of an item that was moved between the two, stays under the earlier key, where nobody looks. */
function moveRecord(work: PublishingWork, { from, to }: { readonly from: number; readonly to: number }): void {
  const { statements, at } = work
  endDemographics(statements, from, at, null)
  // A publisher's later statement stands, with the flags of both numbers.
  statements.run(
    `UPDATE patient_statement SET sensitive = 1
     WHERE patient = ?1 AND EXISTS (SELECT 1 FROM patient_statement AS earlier WHERE earlier.patient = ?2 AND earlier.publisher = patient_statement.publisher AND earlier.sensitive = 1)`,
    to,
    from,
  )
  for (const table of moved) statements.run(`UPDATE OR IGNORE ${table} SET patient = ? WHERE patient = ?`, to, from)
  statements.run("DELETE FROM retraction WHERE patient = ?1 AND id IN (SELECT id FROM item WHERE patient = ?1 AND lifecycle = 'current')", to)
  settleProtections(work, to)
  settlePatient(work, to)
}
