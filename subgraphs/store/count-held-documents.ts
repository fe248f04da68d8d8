import type { DatabaseSync } from 'node:sqlite'
import { toLondonDay } from '../../schema/london-day.ts'
import { addDocuments, toCountedAs } from './document-counts.ts'
import { createStatements } from './statements.ts'

/** Counts the documents of a database made before they were counted, by the first version of each, inside the transaction that is open. */
export function countHeldDocuments(db: DatabaseSync): void {
  db.function('counted_as', { deterministic: true }, (body) => toText(String(body)))
  // The history has a document's versions in their order; what has none is as it was first published.
  const found = db.prepare(`
    SELECT counted_as(coalesce((SELECT h.body FROM item_history AS h WHERE h.identity = item.identity ORDER BY h.rowid LIMIT 1), item.body)) AS text, count(*) AS documents
    FROM item WHERE section = 'documents' GROUP BY text`)
  const statements = createStatements(db)
  for (const { text, documents } of found.all()) addDocuments(statements, JSON.parse(String(text)), Number(documents))
}

function toText(body: string): string {
  try {
    const document = JSON.parse(body)
    return JSON.stringify({ day: toLondonDay(Date.parse(document.recordedAt)), ...toCountedAs(document) })
  } catch {
    // What JSON.parse says of it would quote a patient's record.
    throw new Error('an item that is no JSON')
  }
}
