import type * as Region from '../../schema/generated/region.ts'
import { readLastSequence } from './change-log.ts'
import type { FlaggedPatients, PatientRow } from './record-store.ts'
import type { Statements } from './statements.ts'

interface Row {
  readonly asked: string
  readonly patient: number
  readonly nhs_number: string
  readonly verification: string
  readonly sensitive: number
  readonly local_identifiers: string
  readonly demographics: string | null
  readonly stated_birth_dates: string | null
  readonly death_stands: number
}

/** Finds the key of a number's record; for a superseded number its successor's. Undefined for an unknown number. */
export function findPatientKey(statements: Statements, nhsNumber: string): number | undefined {
  const superseded = statements.get<{ patient: number }>(
    'SELECT patient FROM succession WHERE nhs_number = ?',
    nhsNumber,
  )
  return (
    superseded ?? statements.get<{ patient: number }>('SELECT patient FROM patient WHERE nhs_number = ?', nhsNumber)
  )?.patient
}

/** Finds all numbers of a patient: the current one and those that it supersedes. */
export function findNumbers(statements: Statements, patient: number): readonly string[] {
  const sql =
    'SELECT nhs_number FROM patient WHERE patient = ?1 UNION SELECT nhs_number FROM succession WHERE patient = ?1'
  return statements.all<{ nhs_number: string }>(sql, patient).map((row) => row.nhs_number)
}

export function findPatients(statements: Statements, nhsNumbers: readonly string[]): ReadonlyMap<string, PatientRow> {
  const rows = statements.all<Row>(
    `SELECT asked.value AS asked, p.patient, p.nhs_number, p.verification, p.sensitive, p.local_identifiers, p.demographics,
       p.stated_birth_dates, p.death_stands
     FROM json_each(?) AS asked JOIN patient AS p ON p.patient = coalesce(
       (SELECT patient FROM succession WHERE nhs_number = asked.value),
       (SELECT patient FROM patient WHERE nhs_number = asked.value))`,
    JSON.stringify(nhsNumbers),
  )
  const optOuts = findOptOuts(
    statements,
    rows.map((row) => row.patient),
  )
  return new Map(rows.map((row) => [row.asked, toPatientRow(row, optOuts.get(row.patient) ?? [])]))
}

function findOptOuts(statements: Statements, patients: readonly number[]): ReadonlyMap<number, PatientRow['optOuts']> {
  const rows = statements.all<{ patient: number; organisation: string | null }>(
    'SELECT patient, organisation FROM opt_out WHERE active = 1 AND patient IN (SELECT value FROM json_each(?)) ORDER BY identity, publisher',
    JSON.stringify(patients),
  )
  const inForce = Map.groupBy(rows, (row) => row.patient)
  return new Map(
    [...inForce].map(([patient, own]) => [
      patient,
      own.map(({ organisation }) => ({
        organisation: organisation === null ? null : (JSON.parse(organisation) as Region.Organisation),
      })),
    ]),
  )
}

function toPatientRow(row: Row, optOuts: PatientRow['optOuts']): PatientRow {
  return {
    key: row.patient,
    nhsNumber: row.nhs_number,
    verification: row.verification,
    sensitive: row.sensitive === 1,
    localIdentifiers: JSON.parse(row.local_identifiers) as PatientRow['localIdentifiers'],
    demographics: row.demographics === null ? null : (JSON.parse(row.demographics) as Region.Demographics),
    statedBirthDates: row.stated_birth_dates === null ? [] : (JSON.parse(row.stated_birth_dates) as readonly string[]),
    deathStands: row.death_stands === 1,
    optOuts,
  }
}

/**
 * Finds the current and superseded numbers of the patients flagged sensitive, without reading other patients (UNION
 * would, to sort).
 */
export function findFlaggedPatients(statements: Statements): FlaggedPatients {
  // The sequence is read first, so that a later commit arrives again as a change.
  const sequence = readLastSequence(statements)
  const rows = statements.all<{ nhs_number: string }>(
    `SELECT nhs_number FROM patient INDEXED BY patient_sensitive WHERE sensitive = 1 AND nhs_number NOT IN (SELECT nhs_number FROM succession)
     UNION ALL SELECT s.nhs_number FROM patient AS p INDEXED BY patient_sensitive CROSS JOIN succession AS s ON s.patient = p.patient WHERE p.sensitive = 1`,
  )
  return { sequence, nhsNumbers: rows.map((row) => row.nhs_number) }
}
