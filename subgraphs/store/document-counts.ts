import type { DatabaseSync } from 'node:sqlite'
import type * as Region from '../../schema/generated/region.ts'
import { toLondonDay } from '../../schema/london-day.ts'
import { type ReportingPeriod, toWeek } from '../../schema/reporting-period.ts'
import type { DocumentCounts, PublishedItem } from './record-store.ts'
import { createStatements, type Statements } from './statements.ts'

const addToWeek = `INSERT INTO document_count (week, organisation, type, documents) VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET documents = documents + excluded.documents`
const addToDay =
  'INSERT INTO document_day (day, documents) VALUES (?, ?) ON CONFLICT DO UPDATE SET documents = documents + excluded.documents'

/** Counts an item if it is a document new to the store, inside the transaction that stores it. */
export function countDocument(statements: Statements, item: PublishedItem, at: string): void {
  if (isDocument(item))
    addDocuments(
      statements,
      { day: toLondonDay(Date.parse(at)), ...toCountedAs({ organisation: item.organisation, type: item.fields.type }) },
      1,
    )
}

function isDocument(item: PublishedItem): item is PublishedItem<'documents'> {
  return item.section === 'documents'
}

/** The source and type that a document is counted under. */
export interface CountedAs {
  /** ODS code; empty if there is none, because a name may be any text. */
  readonly organisation: string
  /** The first code of its type; empty if it has none. */
  readonly type: string
  readonly typeName: string | null
}

export function toCountedAs({ organisation, type }: Pick<Region.Document, 'organisation' | 'type'>): CountedAs {
  const [coding] = type?.codings ?? []
  return { organisation: organisation?.odsCode ?? '', type: coding?.code ?? '', typeName: coding?.display ?? null }
}

/** Adds documents that the store first held on a day. */
export function addDocuments(
  statements: Statements,
  { day, organisation, type, typeName }: CountedAs & { readonly day: string },
  documents: number,
): void {
  for (const week of ['all', toWeek(day).name]) statements.run(addToWeek, week, organisation, type, documents)
  statements.run(addToDay, day, documents)
  if (typeName !== null)
    statements.run('INSERT OR IGNORE INTO document_type (type, name) VALUES (?, ?)', type, typeName)
}

/**
 * Counts documents up to the end of a week: all minus those after it, because there are usually fewer weeks after than
 * before.
 */
export function readDocumentCounts(statements: Statements, week: ReportingPeriod, since: string): DocumentCounts {
  const counts = statements.all<DocumentCounts['counts'][number]>(
    `SELECT c.organisation, c.type, (SELECT name FROM document_type AS t WHERE t.type = c.type) AS typeName, c.documents - coalesce(later.documents, 0) AS total,
       coalesce(own.documents, 0) AS inWeek
     FROM document_count AS c
     LEFT JOIN document_count AS own ON own.week = ?1 AND own.organisation = c.organisation AND own.type = c.type
     LEFT JOIN (SELECT organisation, type, sum(documents) AS documents FROM document_count WHERE week > ?1 AND week < 'all' GROUP BY organisation, type) AS later
       ON later.organisation = c.organisation AND later.type = c.type
     WHERE c.week = 'all' AND total > 0 ORDER BY c.organisation, c.type`,
    week.name,
  )
  return {
    total: counts.reduce((sum, one) => sum + one.total, 0),
    inWeek: counts.reduce((sum, one) => sum + one.inWeek, 0),
    counts,
    days: statements.all(
      'SELECT day, documents FROM document_day WHERE day BETWEEN ? AND ? ORDER BY day',
      since,
      week.lastDay,
    ),
  }
}

/** Counts the documents of an earlier database version, by each one's first version, inside the open transaction. */
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
    // JSON.parse's own message would quote a patient's record.
    throw new Error('an item that is no JSON')
  }
}
