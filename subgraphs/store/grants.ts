import { recordChange } from './changes.ts'
import { findAllNumbers } from './permissions.ts'
import type { OverrideGrant, OverrideReview } from './record-store.ts'
import type { Statements } from './statements.ts'

/** The columns of a grant that is aliased `g`, as OverrideGrant names them. */
export const grantColumns = 'g.id, g.nhs_number AS nhsNumber, g.person, g.organisation, g.barrier, g.reason, g.justification, g.at_ms AS atMs, g.until_ms AS untilMs'

/** Those that review each grant. */
export const offices: readonly OverrideReview['office'][] = ['VIEWERS_ORGANISATION', 'REGION']

/** Writes a grant down, and the reviews that it opens. At is when that is done, as an ISO 8601 instant. */
export function recordGrant(statements: Statements, grant: OverrideGrant, { reviewDueByMs, at }: { readonly reviewDueByMs: number; readonly at: string }): void {
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
  for (const office of offices) statements.run('INSERT INTO override_review (grant_id, office, age, due_by_ms) VALUES (?, ?, ?, ?)', id, office, -atMs, reviewDueByMs)
  recordChange(statements, { at, kind: 'consent', nhsNumbers: findAllNumbers(statements, nhsNumber) })
}
