import type { SQLInputValue } from 'node:sqlite'
import { grantColumns } from './grants.ts'
import type { OverrideGrant, OverrideReview, RecordStore, ReviewClosingOutcome, ReviewScope } from './record-store.ts'
import { parseReviewPosition, printReviewPosition } from './review-position.ts'
import type { Statements } from './statements.ts'

type Row = OverrideGrant & Omit<OverrideReview, 'grant'>
type PositionedReview = Awaited<ReturnType<RecordStore['findOpenReviews']>>[number]

const columns = `${grantColumns}, r.office, r.due_by_ms AS dueByMs, r.outcome, r.note, r.reviewer, r.reviewed_at_ms AS reviewedAtMs`
const tables = 'override_review AS r JOIN override_grant AS g ON g.id = r.grant_id'
const isOpenInScope =
  "r.outcome IS NULL AND (r.office = 'VIEWERS_ORGANISATION' AND g.organisation = ? OR r.office = 'REGION' AND ?)"

/** Finds open reviews within a scope, newest grant first. Throws a RangeError if `after` is no position. */
export function findOpenReviews(
  statements: Statements,
  scope: ReviewScope,
  { limit, after }: { readonly limit: number; readonly after: string | null },
): readonly PositionedReview[] {
  const { condition, values } = toAfter(after)
  const sql = `SELECT ${columns} FROM ${tables} WHERE ${isOpenInScope} ${condition} ORDER BY r.age, r.grant_id, r.office LIMIT ?`
  const rows = statements.all<Row>(sql, ...toScopeValues(scope), ...values, limit)
  return rows.map(toReview).map((review) => ({
    ...review,
    position: printReviewPosition({ atMs: review.grant.atMs, office: review.office, grant: review.grant.id }),
  }))
}

export function countOpenReviews(statements: Statements, scope: ReviewScope): number {
  return (
    statements.get<{ count: number }>(
      `SELECT count(*) AS count FROM ${tables} WHERE ${isOpenInScope}`,
      ...toScopeValues(scope),
    )?.count ?? 0
  )
}

/** Finds a grant's reviews, open or not. */
export function findReviews(statements: Statements, grant: string): readonly OverrideReview[] {
  return statements
    .all<Row>(`SELECT ${columns} FROM ${tables} WHERE r.grant_id = ? ORDER BY r.office`, grant)
    .map(toReview)
}

/**
 * Closes a review. One statement checks and writes, so that nobody does both reviews, and the second of two reviewers
 * learns of the first.
 */
export function closeReview(
  statements: Statements,
  grant: string,
  office: OverrideReview['office'],
  { outcome, note, reviewer, atMs }: Parameters<RecordStore['closeReview']>[2],
): ReviewClosingOutcome {
  if (statements.run(closeOpenReview, outcome, note, reviewer, atMs, grant, office) === 1) return 'CLOSED'
  const reviews = findReviews(statements, grant)
  if (reviews.find((one) => one.office === office)?.outcome !== null) return 'NOT_OPEN'
  return reviews.some((one) => one.grant.person === reviewer) ? 'OWN_ACCESS' : 'SAME_REVIEWER'
}

const closeOpenReview = `
  UPDATE override_review AS this SET outcome = ?1, note = ?2, reviewer = ?3, reviewed_at_ms = ?4
  WHERE grant_id = ?5 AND office = ?6 AND outcome IS NULL
    AND NOT EXISTS (SELECT 1 FROM override_grant WHERE id = ?5 AND person = ?3)
    AND NOT EXISTS (SELECT 1 FROM override_review AS other WHERE other.grant_id = ?5 AND other.office <> ?6 AND other.reviewer = ?3)`

function toAfter(after: string | null): { readonly condition: string; readonly values: readonly SQLInputValue[] } {
  if (after === null) return { condition: '', values: [] }
  const position = parseReviewPosition(after)
  if (!position) throw new RangeError('Expected after to be a position that a review bore.')
  return {
    condition: 'AND (r.age, r.grant_id, r.office) > (?, ?, ?)',
    values: [-position.atMs, position.grant, position.office],
  }
}

function toScopeValues({ organisation, region }: ReviewScope): readonly SQLInputValue[] {
  return [organisation, region ? 1 : 0]
}

function toReview({ office, dueByMs, outcome, note, reviewer, reviewedAtMs, ...grant }: Row): OverrideReview {
  return { grant: { ...grant }, office, dueByMs, outcome, note, reviewer, reviewedAtMs }
}
