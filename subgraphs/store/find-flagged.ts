import { lastSequence } from './changes.ts'
import type { Flagged } from './record-store.ts'
import type { Statements } from './statements.ts'

/** The numbers in force of the patients flagged sensitive, and those that they supersede: the few, without reading the many (UNION would, to sort them). */
export function findFlagged(statements: Statements): Flagged {
  // Before the patients: what is committed meanwhile is told as a change once more.
  const sequence = lastSequence(statements)
  const rows = statements.all<{ nhs_number: string }>(
    `SELECT nhs_number FROM patient INDEXED BY patient_sensitive WHERE sensitive = 1 AND nhs_number NOT IN (SELECT nhs_number FROM succession)
     UNION ALL SELECT s.nhs_number FROM patient AS p INDEXED BY patient_sensitive CROSS JOIN succession AS s ON s.patient = p.patient WHERE p.sensitive = 1`,
  )
  return { sequence, nhsNumbers: rows.map((row) => row.nhs_number) }
}
