import { recordChange } from './change-log.ts'
import { findAllNumbers } from './permissions.ts'
import type { GrantRequest, OverrideGrant, OverrideReview } from './record-store.ts'
import type { Statements } from './statements.ts'

/** The columns of a grant aliased `g`, named as OverrideGrant names them. */
export const grantColumns =
  'g.id, g.nhs_number AS nhsNumber, g.person, g.organisation, g.barrier, g.reason, g.justification, g.at_ms AS atMs, g.until_ms AS untilMs'

/** The offices that review each grant. */
export const reviewOffices: readonly OverrideReview['office'][] = ['VIEWERS_ORGANISATION', 'REGION']

/** Records a grant and opens its reviews; `at` is an ISO 8601 instant. */
export function recordGrant(
  statements: Statements,
  grant: OverrideGrant,
  { reviewDueByMs, at }: { readonly reviewDueByMs: number; readonly at: string },
): void {
  const { id, nhsNumber, person, organisation, barrier, reason, justification, atMs, untilMs } = grant
  statements.run(
    'INSERT INTO override_grant (id, nhs_number, person, organisation, barrier, reason, justification, at_ms, until_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    id,
    nhsNumber,
    person,
    organisation,
    barrier,
    reason,
    justification,
    atMs,
    untilMs,
  )
  for (const office of reviewOffices)
    statements.run(
      'INSERT INTO override_review (grant_id, office, age, due_by_ms) VALUES (?, ?, ?, ?)',
      id,
      office,
      -atMs,
      reviewDueByMs,
    )
  recordChange(statements, { at, kind: 'consent', nhsNumbers: findAllNumbers(statements, nhsNumber) })
}

/** Finds a grant in force for the same request, under any of the patient's numbers; null if there is none. */
export function findSameGrant(statements: Statements, asked: GrantRequest, nowMs: number): OverrideGrant | null {
  const { nhsNumber, person, organisation, barrier, reason, justification } = asked
  const nhsNumbers = JSON.stringify(findAllNumbers(statements, nhsNumber))
  return (
    statements.get<OverrideGrant>(
      selectSameGrant,
      nhsNumbers,
      person,
      organisation,
      barrier,
      reason,
      justification,
      nowMs,
    ) ?? null
  )
}

export const selectSameGrant = `
  SELECT ${grantColumns} FROM json_each(?1) AS number CROSS JOIN override_grant AS g INDEXED BY override_grant_by_words ON g.nhs_number = number.value
  WHERE g.person = ?2 AND g.organisation = ?3 AND g.barrier = ?4 AND g.reason = ?5 AND g.justification = ?6 AND g.until_ms > ?7 LIMIT 1`

/** Counts a person's grants since an instant, up to `most`. */
export function countGrants(statements: Statements, person: string, sinceMs: number, limit: number): number {
  return statements.get<{ count: number }>(selectGrantCount, person, sinceMs, limit)?.count ?? 0
}

export const selectGrantCount =
  'SELECT count(*) AS count FROM (SELECT 1 FROM override_grant INDEXED BY override_grant_by_person WHERE person = ?1 AND at_ms > ?2 LIMIT ?3)'
