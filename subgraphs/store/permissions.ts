import { recordChange } from './change-log.ts'
import { findNumbers, findPatientKey } from './find-patients.ts'
import type { RecordedPermission } from './record-store.ts'
import type { Statements } from './statements.ts'

/** Records a permission in place of an earlier one for the number and organisation; `at` is an ISO 8601 instant. */
export function recordPermission(
  statements: Statements,
  { id, nhsNumber, organisation, person, basis, untilMs }: RecordedPermission,
  at: string,
): void {
  endPermissions(statements, [nhsNumber], organisation, at)
  statements.run(
    'INSERT INTO permission (id, nhs_number, organisation, person, basis, until_ms, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    id,
    nhsNumber,
    organisation,
    person,
    basis,
    untilMs,
    at,
  )
  recordChange(statements, { at, kind: 'consent', nhsNumbers: findAllNumbers(statements, nhsNumber) })
}

/** Ends an organisation's permissions under all of the patient's numbers. */
export function withdrawPermission(statements: Statements, nhsNumber: string, organisation: string, at: string): void {
  const nhsNumbers = findAllNumbers(statements, nhsNumber)
  endPermissions(statements, nhsNumbers, organisation, at)
  recordChange(statements, { at, kind: 'consent', nhsNumbers })
}

/** Finds all of a patient's numbers by one of them; for an unknown patient, only that one. */
export function findAllNumbers(statements: Statements, nhsNumber: string): readonly string[] {
  const patient = findPatientKey(statements, nhsNumber)
  return patient === undefined ? [nhsNumber] : findNumbers(statements, patient)
}

function endPermissions(statements: Statements, nhsNumbers: readonly string[], organisation: string, at: string): void {
  const sql =
    'UPDATE permission SET ended_at = ? WHERE nhs_number IN (SELECT value FROM json_each(?)) AND organisation = ? AND ended_at IS NULL'
  statements.run(sql, at, JSON.stringify(nhsNumbers), organisation)
}
