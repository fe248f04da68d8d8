import type * as Region from '../../schema/generated/region.ts'
import { findOwners } from './ownership.ts'
import type { PublishingTransaction } from './publishing-transaction.ts'
import type { Statements } from './statements.ts'

interface Row {
  readonly publisher: string
  readonly publication: number
  readonly verification: string
  readonly sensitive: number
  readonly local_identifiers: string
  readonly demographics: string | null
}

interface StatedDemographics extends Omit<Row, 'demographics'> {
  readonly demographics: Region.Demographics
}

/** Unverified publishers do not hold up a patient whom another has verified; only their own items are held back. */
const isVerified = ({ verification }: Pick<Row, 'verification'>) => verification === '01'

/** Merges all publishers' statements into the patient's row, and moves replaced demographics into the history. */
export function settlePatient({ statements, at }: PublishingTransaction, patient: number): void {
  const rows = statements.all<Row>(
    'SELECT publisher, publication, verification, sensitive, local_identifiers, demographics FROM patient_statement WHERE patient = ? ORDER BY publisher',
    patient,
  )
  const sensitive = rows.some((row) => row.sensitive === 1) ? 1 : 0
  const stated = rows.flatMap((row) =>
    row.demographics === null ? [] : [{ ...row, demographics: JSON.parse(row.demographics) as Region.Demographics }],
  )
  const [base, ...others] = inServedOrder(stated)
  if (!base) {
    statements.run('UPDATE patient SET sensitive = ? WHERE patient = ?', sensitive, patient)
    return
  }
  const demographics = JSON.stringify(others.length === 0 ? base.demographics : fillGaps(base, others))
  endDemographics(statements, patient, at, demographics)
  const birthDates = [...new Set(stated.flatMap((one) => one.demographics.birthDate ?? []))]
  statements.run(
    `UPDATE patient SET verification = ?, sensitive = ?, local_identifiers = ?, demographics = ?, stated_birth_dates = ? WHERE patient = ?`,
    base.verification,
    sensitive,
    others.length === 0 ? base.local_identifiers : JSON.stringify(toIdentifiers([base, ...others])),
    demographics,
    birthDates.length > 1 ? JSON.stringify(birthDates) : null,
    patient,
  )
}

/** Moves the served demographics into the history, unless they are still served. */
export function endDemographics(statements: Statements, patient: number, at: string, next: string | null): void {
  statements.run(
    `INSERT INTO patient_history SELECT patient, ?, verification, sensitive, local_identifiers, demographics FROM patient
     WHERE patient = ? AND demographics IS NOT NULL AND demographics IS NOT ?`,
    at,
    patient,
    next,
  )
}

/**
 * Sorts statements for serving: verified ones only, if there are any; first those that identify the person (name, birth
 * date, address), then the newest, undated last, then the latest received.
 */
function inServedOrder(stated: readonly StatedDemographics[]): readonly StatedDemographics[] {
  const verified = stated.filter(isVerified)
  const updatedMs = ({ demographics }: StatedDemographics) =>
    demographics.lastUpdated === null ? Number.NEGATIVE_INFINITY : Date.parse(demographics.lastUpdated)
  const byTime = (a: StatedDemographics, b: StatedDemographics) =>
    updatedMs(a) === updatedMs(b) ? b.publication - a.publication : updatedMs(b) - updatedMs(a)
  return (verified.length > 0 ? verified : stated).toSorted(
    (a, b) => Number(isFull(b)) - Number(isFull(a)) || byTime(a, b),
  )
}

function isFull({ demographics: { name, birthDate, address } }: StatedDemographics): boolean {
  return name !== null && birthDate !== null && address !== null
}

/** Fills the first statement's gaps from the others. Absence of a death counts as a gap. */
function fillGaps(
  { demographics: base }: StatedDemographics,
  others: readonly StatedDemographics[],
): Region.Demographics {
  const rest = others.map((one) => one.demographics)
  const dead = base.deceased ? base : rest.find((one) => one.deceased)
  return {
    ...base,
    name: base.name ?? first(rest, 'name'),
    birthDate: base.birthDate ?? first(rest, 'birthDate'),
    gender: base.gender ?? first(rest, 'gender'),
    address: base.address ?? first(rest, 'address'),
    gpPractice: base.gpPractice ?? first(rest, 'gpPractice'),
    telecom: base.telecom.length > 0 ? base.telecom : (rest.find((one) => one.telecom.length > 0)?.telecom ?? []),
    deceased: dead !== undefined,
    deceasedAt: dead ? (dead.deceasedAt ?? first(rest, 'deceasedAt')) : null,
  }
}

function first<Field extends keyof Region.Demographics>(
  rest: readonly Region.Demographics[],
  field: Field,
): Region.Demographics[Field] | null {
  return rest.find((one) => one[field] !== null)?.[field] ?? null
}

function toIdentifiers(stated: readonly StatedDemographics[]): readonly Region.Identifier[] {
  const all = stated.flatMap((one) => JSON.parse(one.local_identifiers) as readonly Region.Identifier[])
  return [...new Map(all.map((one) => [JSON.stringify([one.system, one.value]), one])).values()]
}

/**
 * Settles whether a stated death closes the record: on the word of the record's only publisher, of two, or of the
 * practice that another names; of a GP practice that names itself, if no other names one. It runs after the whole
 * publication, because any other publisher's item, opt-out or referral counts.
 */
export function settleDeath(statements: Statements, patient: number): void {
  const isDead =
    statements.get("SELECT 1 FROM patient WHERE patient = ? AND demographics ->> '$.deceased'", patient) !== undefined
  const stands = !isDead || doesDeathStand(statements, patient)
  statements.run(
    'UPDATE patient SET death_stands = ?2 WHERE patient = ?1 AND death_stands <> ?2',
    patient,
    stands ? 1 : 0,
  )
}

function doesDeathStand(statements: Statements, patient: number): boolean {
  const stated = statements.all<{
    publisher: string
    verification: string
    isDead: number | null
    practice: string | null
  }>(selectDeaths, patient)
  const verified = stated.filter(isVerified)
  const heard = verified.length > 0 ? verified : stated
  const dead = heard.filter(({ isDead }) => isDead === 1)
  if (dead.length > 1) return true
  return dead.some(({ publisher }) => {
    const isOnlyOwner = findOwners(statements, patient).every((owner) => owner === publisher)
    const others = heard.filter((one) => one.publisher !== publisher && one.practice !== null)
    const isOwnPatient =
      practiceCode.test(publisher) && others.length === 0 && heard.some((one) => one.practice === publisher)
    return isOnlyOwner || isOwnPatient || others.some(({ practice }) => practice === publisher)
  })
}

/**
 * The ODS code of a GP practice: a letter and five digits. Only such a publisher may name itself as the patient's
 * practice.
 */
const practiceCode = /^[A-Z]\d{5}$/

const selectDeaths = `SELECT publisher, verification, demographics ->> '$.deceased' AS isDead, demographics ->> '$.gpPractice.odsCode' AS practice
  FROM patient_statement WHERE patient = ? AND demographics IS NOT NULL`
