import { findPatientKey } from './find-patients.ts'
import { canCorrect, findOwners } from './ownership.ts'
import { endDemographics, settlePatient } from './patient-statements.ts'
import { settleProtections } from './protection.ts'
import { markChanged, type PublishingTransaction } from './publishing-transaction.ts'
import type { PublicationFault, PublishedPatient } from './record-store.ts'
import type { Statements } from './statements.ts'

/** Whether a number is superseded. */
export function isSuperseded(statements: Statements, nhsNumber: string): boolean {
  return statements.get('SELECT 1 FROM succession WHERE nhs_number = ?', nhsNumber) !== undefined
}

/**
 * Lets a patient take over the earlier numbers that a demographic record names, and all that lies under them. What
 * other publishers hold under an earlier number is not moved on a stranger's word, which would show one person's record
 * as another's: the claim is kept, and a warning says so. Null, or why the publication is refused.
 */
export function supersede(
  transaction: PublishingTransaction,
  patient: number,
  { entry, nhsNumber, supersedes }: PublishedPatient,
): PublicationFault | null {
  const known = new Map(supersedes.map((number) => [number, isSuperseded(transaction.statements, number)]))
  // A number superseded before is taken over with its last successor, so that one is taken first.
  for (const earlier of supersedes.toSorted((a, b) => Number(known.get(a)) - Number(known.get(b)))) {
    const outcome = takeOver(transaction, patient, nhsNumber, earlier)
    if (outcome === 'held')
      transaction.warnings.push({ entry, path: 'Patient.link', code: 'business-rule', fault: held })
    else if (outcome !== 'done') return { entry, path: 'Patient.link', code: 'conflict', fault: outcome }
    transaction.patients.clear()
  }
  return null
}

/**
 * The key under which a publisher's statements of a number lie. A number may be superseded on one publisher's word
 * while nothing else is known of it; the first statement of a publisher that is not bound by that word takes the number
 * out of the succession, which is a claim from then on.
 */
export function followSuccession(
  transaction: PublishingTransaction,
  { nhsNumber, entry, path }: StatedNumber,
): number | null {
  const successor = findSuccessor(transaction.statements, nhsNumber)
  const claims = findClaims(transaction.statements, nhsNumber)
  const isSettled = claims.length === 0 || claims.some(({ publisher }) => publisher === everybody)
  const isOwn = claims.some((claim) => canCorrect(transaction.by, claim.publisher))
  if (isSettled || isOwn) return successor ?? null
  if (successor !== undefined) separateRecords(transaction, { nhsNumber, successor })
  transaction.warnings.push({ entry, path, code: 'business-rule', fault: claimed })
  return null
}

interface StatedNumber {
  readonly nhsNumber: string
  readonly entry: number
  readonly path: string
}

const claimed =
  'Another publisher says that this number was superseded. What you publish stays under it until you, the practice that you name or the store’s office says the same.'

/**
 * The claimant of a succession that binds every publisher: the office, the practice that another names, or two
 * publishers have said so.
 */
const everybody = '*'

/** Lets a claim stand for everybody where the practice made it that another publisher's demographic record names. */
export function confirmByPractice(transaction: PublishingTransaction, { nhsNumber, fields }: PublishedPatient): void {
  const { statements, by } = transaction
  const practice = fields.gpPractice?.odsCode ?? null
  const successor = findSuccessor(statements, nhsNumber)
  if (successor === undefined || practice === null || practice === by.publisher) return
  const stands = findClaims(statements, nhsNumber).find(
    (claim) => claim.publisher === practice && findPatientKey(statements, claim.successor) === successor,
  )
  if (stands) claim(transaction, { earlier: nhsNumber, nhsNumber: stands.successor }, everybody)
}

/**
 * Gives a number a record of its own again, empty but for the flags of the successor: what was moved from it stays
 * moved.
 */
function separateRecords(
  transaction: PublishingTransaction,
  { nhsNumber, successor }: { readonly nhsNumber: string; readonly successor: number },
): void {
  const { statements } = transaction
  markChanged(transaction, successor, 'publish')
  statements.run('DELETE FROM succession WHERE nhs_number = ?', nhsNumber)
  const number =
    findPatientKey(statements, nhsNumber) ??
    statements.insert(
      "INSERT INTO patient (nhs_number, verification, sensitive, local_identifiers) VALUES (?, '01', 0, '[]')",
      nhsNumber,
    )
  statements.run('DELETE FROM patient_statement WHERE patient = ?', number)
  statements.run(
    `INSERT INTO patient_statement (patient, publisher, publication, verification, sensitive, local_identifiers)
     SELECT ?, publisher, publication, '', 1, '[]' FROM patient_statement WHERE patient = ? AND sensitive = 1`,
    number,
    successor,
  )
  statements.run(
    "UPDATE patient SET verification = '01', local_identifiers = '[]', demographics = NULL, stated_birth_dates = NULL, death_stands = 1 WHERE patient = ?",
    number,
  )
  settlePatient(transaction, number)
}

interface Claim {
  readonly successor: string
  readonly publisher: string
}

function findClaims(statements: Statements, earlier: string): readonly Claim[] {
  return statements.all<Claim>('SELECT successor, publisher FROM succession_claim WHERE nhs_number = ?', earlier)
}

function findSuccessor(statements: Statements, nhsNumber: string): number | undefined {
  return statements.get<{ patient: number }>('SELECT patient FROM succession WHERE nhs_number = ?', nhsNumber)?.patient
}

function claim(
  { statements, publication }: PublishingTransaction,
  { earlier, nhsNumber }: NumberSuccession,
  publisher: string,
): void {
  statements.run(
    'INSERT OR IGNORE INTO succession_claim (nhs_number, successor, publisher, publication) VALUES (?, ?, ?, ?)',
    earlier,
    nhsNumber,
    publisher,
    publication,
  )
}

interface NumberSuccession {
  readonly earlier: string
  readonly nhsNumber: string
}

const held =
  "Others' records lie under the earlier number: it is kept apart until another publisher, the practice that they name or the store's office says the same."

type TakeOver = 'done' | 'held' | (string & {})

function takeOver(transaction: PublishingTransaction, patient: number, nhsNumber: string, earlier: string): TakeOver {
  const { statements, by } = transaction
  if (earlier === nhsNumber) return 'A number cannot supersede itself.'
  const successor = findSuccessor(statements, earlier)
  if (successor !== undefined && successor !== patient && isOwnClaim(transaction, earlier))
    return 'An earlier number was already superseded by another one.'
  // A succession stated before claims were kept has none, and binds everybody.
  if (successor === undefined || findClaims(statements, earlier).length > 0) {
    claim(transaction, { earlier, nhsNumber }, by.publisher)
    if (successor === undefined || successor === patient) confirmBySecondPublisher(transaction, { earlier, nhsNumber })
  }
  if (successor !== undefined) return successor === patient ? 'done' : 'held'
  const predecessor = statements.get<{ patient: number }>(
    'SELECT patient FROM patient WHERE nhs_number = ?',
    earlier,
  )?.patient
  if (predecessor !== undefined) {
    const owners = findOwners(statements, predecessor)
    if (!owners.every((owner) => canCorrect(by, owner))) {
      if (!isConfirmed(transaction, { earlier, nhsNumber }) && !isOfPractice(transaction, predecessor)) return 'held'
      claim(transaction, { earlier, nhsNumber }, everybody)
    }
    // What the publisher may correct of others' is moved on its word, and what they publish later follows.
    for (const owner of owners) claim(transaction, { earlier, nhsNumber }, owner)
    moveRecord(transaction, { from: predecessor, to: patient })
    markChanged(transaction, patient, 'publish')
  }
  statements.run('INSERT INTO succession (nhs_number, patient) VALUES (?, ?)', earlier, patient)
  return 'done'
}

/** Whether the succession that stands is this publisher's word, or was stated before publishers were kept. */
function isOwnClaim({ statements, by }: PublishingTransaction, earlier: string): boolean {
  const claims = findClaims(statements, earlier)
  return claims.length === 0 || claims.some(({ publisher }) => canCorrect(by, publisher))
}

/** A second publisher's word, or the office's, binds everybody. */
function confirmBySecondPublisher(transaction: PublishingTransaction, numbers: NumberSuccession): void {
  const { statements, by } = transaction
  const isSecond = findClaims(statements, numbers.earlier).some(
    ({ successor, publisher }) => successor === numbers.nhsNumber && !canCorrect(by, publisher),
  )
  if (isSecond || by.actsFor === 'all') claim(transaction, numbers, everybody)
}

function isConfirmed({ statements }: PublishingTransaction, { earlier, nhsNumber }: NumberSuccession): boolean {
  return findClaims(statements, earlier).some(
    ({ successor, publisher }) => successor === nhsNumber && publisher === everybody,
  )
}

/** Whether another publisher of the record names this one as the patient's practice. */
function isOfPractice({ statements, by }: PublishingTransaction, predecessor: number): boolean {
  const practices = statements.all<{ publisher: string; practice: string | null }>(selectPractices, predecessor)
  return practices.some(
    ({ publisher, practice }) => !canCorrect(by, publisher) && practice !== null && canCorrect(by, practice),
  )
}

const selectPractices =
  "SELECT publisher, demographics ->> '$.gpPractice.odsCode' AS practice FROM patient_statement WHERE patient = ?"

const moved = [
  'item',
  'item_history',
  'patient_kind',
  'patient_history',
  'patient_statement',
  'replacement',
  'retraction',
  'opt_out',
  'referral',
  'succession',
]

/**
 * What both have, as the retraction of an item that was moved between the two, stays under the earlier key, where
 * nobody looks.
 */
function moveRecord(
  transaction: PublishingTransaction,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  const { statements, at } = transaction
  endDemographics(statements, from, at, null)
  // A publisher's later statement stands, with the flags of both numbers.
  statements.run(
    `UPDATE patient_statement SET sensitive = 1
     WHERE patient = ?1 AND EXISTS (SELECT 1 FROM patient_statement AS earlier WHERE earlier.patient = ?2 AND earlier.publisher = patient_statement.publisher AND earlier.sensitive = 1)`,
    to,
    from,
  )
  for (const table of moved) statements.run(`UPDATE OR IGNORE ${table} SET patient = ? WHERE patient = ?`, to, from)
  statements.run(
    "DELETE FROM retraction WHERE patient = ?1 AND id IN (SELECT id FROM item WHERE patient = ?1 AND lifecycle = 'current')",
    to,
  )
  settleProtections(transaction, to)
  settlePatient(transaction, to)
}
