import type { ReleaseFilter } from './record-store.ts'
import type { Statements } from './statements.ts'

/** The part of a WHERE over item, and its values. */
export interface Release {
  readonly condition: string
  readonly values: readonly string[]
}

/**
 * A release filter as it concerns one patient; null where it leaves nothing. Where one publisher has verified the patient's number and
 * another has not, the other's items are nobody's to read.
 */
export function toRelease(statements: Statements, { kinds }: ReleaseFilter, patient: number): Release | null {
  const held = findHeldPublishers(statements, patient)
  const ofOthers = held === null ? { condition: '', values: [] } : { condition: 'AND item.owner NOT IN (SELECT value FROM json_each(?))', values: [held] }
  if (!kinds) return ofOthers
  const own = kinds.get(patient) ?? []
  if (own.length === 0) return null
  return { condition: `AND item.kind IN (SELECT value FROM json_each(?)) ${ofOthers.condition}`, values: [JSON.stringify(own), ...ofOthers.values] }
}

/** A JSON list; null where there is none: of few patients does a publisher have an unverified number. */
function findHeldPublishers(statements: Statements, patient: number): string | null {
  const rows = statements.all<{ publisher: string }>(
    `SELECT s.publisher FROM patient_statement AS s INDEXED BY patient_statement_unverified JOIN patient AS p USING (patient)
     WHERE s.patient = ? AND s.verification NOT IN ('', '01') AND p.verification = '01'`,
    patient,
  )
  return rows.length === 0 ? null : JSON.stringify(rows.map(({ publisher }) => publisher))
}
