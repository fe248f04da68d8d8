import type { SectionName } from './record-store.ts'
import type { Statements } from './statements.ts'

/** Answered from the index item_labels alone, whose condition is repeated here for SQLite to choose it: most patients have no row in it. */
export function findLabelled(statements: Statements, patients: readonly number[], labels: readonly string[]): ReadonlyMap<number, ReadonlySet<SectionName>> {
  const rows = statements.all<{ patient: number; section: SectionName }>(
    `SELECT DISTINCT patient, section FROM item
     WHERE labels <> '' AND labels <> '|N|' AND patient IN (SELECT value FROM json_each(?))
       AND EXISTS (SELECT 1 FROM json_each(?) WHERE instr(labels, '|' || value || '|') > 0)`,
    JSON.stringify(patients),
    JSON.stringify(labels),
  )
  return new Map([...Map.groupBy(rows, (row) => row.patient)].map(([patient, own]) => [patient, new Set(own.map((row) => row.section))]))
}
