import { readLastSequence } from './change-log.ts'
import { reviewOffices } from './grants.ts'
import type { OverrideReview, StoreFigures } from './record-store.ts'
import type { Statements } from './statements.ts'

interface OfficeRow {
  readonly office: OverrideReview['office']
  readonly open: number
  readonly overdue: number
}

/** Reads stored counts and the file's header. Only open reviews are counted, by their own index. */
export function readFigures(statements: Statements, nowMs: number): StoreFigures {
  const counted = statements.all<OfficeRow>(
    'SELECT office, count(*) AS open, sum(due_by_ms < ?) AS overdue FROM override_review WHERE outcome IS NULL GROUP BY office',
    nowMs,
  )
  return {
    sequence: readLastSequence(statements),
    documents:
      statements.get<{ documents: number }>(
        "SELECT coalesce(sum(documents), 0) AS documents FROM document_count WHERE week = 'all'",
      )?.documents ?? 0,
    bytes:
      statements.get<{ bytes: number }>(
        'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size',
      )?.bytes ?? 0,
    reviews: reviewOffices.map((office) => {
      const { open = 0, overdue = 0 } = counted.find((row) => row.office === office) ?? {}
      return { office, open, overdue }
    }),
  }
}
