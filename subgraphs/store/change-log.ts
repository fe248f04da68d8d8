import type { StoreChange } from './record-store.ts'
import type { Statements } from './statements.ts'

/** Reads the sequence number of the last change; 0 if there is none. */
export function readLastSequence(statements: Statements): number {
  return (
    statements.get<{ sequence: number }>('SELECT coalesce(max(sequence), 0) AS sequence FROM change')?.sequence ?? 0
  )
}

/** Records one change of a patient's record, in a row for every number of the patient. */
export function recordChange(
  statements: Statements,
  {
    at,
    kind,
    nhsNumbers,
  }: { readonly at: string; readonly kind: StoreChange['kind']; readonly nhsNumbers: readonly string[] },
): void {
  for (const nhsNumber of nhsNumbers)
    statements.run('INSERT INTO change (committed_at, kind, nhs_number) VALUES (?, ?, ?)', at, kind, nhsNumber)
}

export function readChangesAfter(statements: Statements, sequence: number, limit: number): readonly StoreChange[] {
  const rows = statements.all<Omit<StoreChange, 'sensitive'> & { readonly sensitive: number | null }>(
    `SELECT c.sequence, c.committed_at AS committedAt, c.kind, c.nhs_number AS nhsNumber,
       (SELECT sensitive FROM patient WHERE patient = coalesce(
         (SELECT patient FROM succession WHERE nhs_number = c.nhs_number),
         (SELECT patient FROM patient WHERE nhs_number = c.nhs_number))) AS sensitive
     FROM change AS c WHERE c.sequence > ? ORDER BY c.sequence LIMIT ?`,
    sequence,
    limit,
  )
  return rows.map((row) => ({ ...row, sensitive: row.sensitive === 1 }))
}
