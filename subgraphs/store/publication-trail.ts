import { findPatientKey } from './find-patients.ts'
import type { PublicationRecord, PublicationsQuery, PublishEffect, PublishedBy } from './published-by.ts'
import type { Statements } from './statements.ts'

/** The key of the publication that is being applied; recordPublication writes its row. */
export function nextPublication(statements: Statements): number {
  return (
    statements.get<{ next: number }>('SELECT coalesce(max(publication), 0) + 1 AS next FROM publication')?.next ?? 1
  )
}

/** Records a publication, inside the transaction that stores it. */
export function recordPublication(
  statements: Statements,
  {
    publication,
    by,
    at,
    entries,
  }: {
    readonly publication: number
    readonly by: PublishedBy
    readonly at: string
    readonly entries: Iterable<PublishEffect>
  },
): void {
  const counts: Partial<Record<PublishEffect, number>> = {}
  for (const one of entries) counts[one] = (counts[one] ?? 0) + 1
  statements.run(
    'INSERT INTO publication (publication, publisher, via, person, request_id, received_at, counts) VALUES (?, ?, ?, ?, ?, ?, ?)',
    publication,
    by.publisher,
    by.via,
    by.person,
    by.requestId,
    at,
    JSON.stringify(counts),
  )
}

type Row = Omit<PublicationRecord, 'counts'> & { readonly counts: string }

/** Finds rows of the publishing trail, newest first. A patient is found by any number, earlier versions included. */
export function findPublications(
  statements: Statements,
  { nhsNumber, publisher, requestId, since, limit }: PublicationsQuery,
): readonly PublicationRecord[] {
  const patient = nhsNumber === undefined ? null : (findPatientKey(statements, nhsNumber) ?? -1)
  const rows = statements.all<Row>(
    `SELECT publication, publisher, via, person, request_id AS requestId, received_at AS receivedAt, counts FROM publication
     WHERE (?1 IS NULL OR publication IN (${ofPatient}))
       AND (?2 IS NULL OR publisher = ?2) AND (?3 IS NULL OR request_id = ?3) AND (?4 IS NULL OR received_at >= ?4)
     ORDER BY publication DESC LIMIT ?5`,
    patient,
    publisher ?? null,
    requestId ?? null,
    since ?? null,
    limit,
  )
  return rows.map(({ counts, ...row }) => ({ ...row, counts: JSON.parse(counts) }))
}

const ofPatient = ['item', 'item_history', 'patient_statement', 'opt_out', 'referral']
  .map((table) => `SELECT publication FROM ${table} WHERE patient = ?1`)
  .join(' UNION ')
