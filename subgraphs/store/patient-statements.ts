import type * as Region from '../../schema/generated/region.ts'
import type { PublishingWork } from './publishing-work.ts'
import type { Statements } from './statements.ts'

interface Row {
  readonly publisher: string
  readonly publication: number
  readonly verification: string
  readonly sensitive: number
  readonly local_identifiers: string
  readonly demographics: string | null
}

interface Stated extends Omit<Row, 'demographics'> {
  readonly demographics: Region.Demographics
}

/** A patient whose number some publisher has verified is not held up by one that has not: only that one's items are held back. */
const isVerified = ({ verification }: Pick<Row, 'verification'>) => verification === '01'

/** Makes the patient's row out of all publishers' statements, and keeps the demographics that it replaces. */
export function settlePatient({ statements, at }: PublishingWork, patient: number): void {
  const rows = statements.all<Row>(
    'SELECT publisher, publication, verification, sensitive, local_identifiers, demographics FROM patient_statement WHERE patient = ? ORDER BY publisher',
    patient,
  )
  const sensitive = rows.some((row) => row.sensitive === 1) ? 1 : 0
  const stated = rows.flatMap((row) => (row.demographics === null ? [] : [{ ...row, demographics: JSON.parse(row.demographics) as Region.Demographics }]))
  const [base, ...others] = inServedOrder(stated)
  if (!base) {
    statements.run('UPDATE patient SET sensitive = ? WHERE patient = ?', sensitive, patient)
    return
  }
  const demographics = JSON.stringify(others.length === 0 ? base.demographics : fillGaps(base, others))
  endDemographics(statements, patient, at, demographics)
  const birthDates = [...new Set(stated.flatMap((one) => one.demographics.birthDate ?? []))]
  statements.run(
    `UPDATE patient SET verification = ?, sensitive = ?, local_identifiers = ?, demographics = ?, stated_birth_dates = ?, death_stands = ? WHERE patient = ?`,
    base.verification,
    sensitive,
    others.length === 0 ? base.local_identifiers : JSON.stringify(toIdentifiers([base, ...others])),
    demographics,
    birthDates.length > 1 ? JSON.stringify(birthDates) : null,
    doesDeathStand([base, ...others]) ? 1 : 0,
    patient,
  )
}

/** Keeps the demographics that were served until now, unless they are served still. */
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
 * Verified statements alone where there are any; of these the one that says who the person is (name, birth date, address) before one that does
 * not, then the newest, undated last, then the one received last.
 */
function inServedOrder(stated: readonly Stated[]): readonly Stated[] {
  const verified = stated.filter(isVerified)
  const updatedMs = ({ demographics }: Stated) => (demographics.lastUpdated === null ? Number.NEGATIVE_INFINITY : Date.parse(demographics.lastUpdated))
  const byTime = (a: Stated, b: Stated) => (updatedMs(a) === updatedMs(b) ? b.publication - a.publication : updatedMs(b) - updatedMs(a))
  return (verified.length > 0 ? verified : stated).toSorted((a, b) => Number(isFull(b)) - Number(isFull(a)) || byTime(a, b))
}

function isFull({ demographics: { name, birthDate, address } }: Stated): boolean {
  return name !== null && birthDate !== null && address !== null
}

/** The first statement, and of the others what it does not say. That somebody has died is unsaid by whoever does not say it. */
function fillGaps({ demographics: base }: Stated, others: readonly Stated[]): Region.Demographics {
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

function first<Field extends keyof Region.Demographics>(rest: readonly Region.Demographics[], field: Field): Region.Demographics[Field] | null {
  return rest.find((one) => one[field] !== null)?.[field] ?? null
}

function toIdentifiers(stated: readonly Stated[]): readonly Region.Identifier[] {
  const all = stated.flatMap((one) => JSON.parse(one.local_identifiers) as readonly Region.Identifier[])
  return [...new Map(all.map((one) => [JSON.stringify([one.system, one.value]), one])).values()]
}

/** A death closes a record on the word of the only publisher, of two, or of one that another names as the patient's practice. */
function doesDeathStand(stated: readonly Stated[]): boolean {
  const dead = stated.filter(({ demographics }) => demographics.deceased)
  if (stated.length === 1 || dead.length > 1) return true
  return dead.some(({ publisher }) => stated.some((other) => other.publisher !== publisher && other.demographics.gpPractice?.odsCode === publisher))
}
