import type { Statements } from './statements.ts'

/** The NHS numbers of the patients whose documents these are, by the documents' public ids; unknown ones are absent. */
export function findDocuments(statements: Statements, ids: readonly string[]): ReadonlyMap<string, string> {
  const sql = `SELECT item.id, patient.nhs_number AS nhsNumber FROM item JOIN patient USING (patient)
    WHERE item.section = 'documents' AND item.id IN (SELECT value FROM json_each(?))`
  return new Map(statements.all<{ id: string; nhsNumber: string }>(sql, JSON.stringify(ids)).map(({ id, nhsNumber }) => [id, nhsNumber]))
}
