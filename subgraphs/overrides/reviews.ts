import type { TokenHolder } from '../../schema/access-token.ts'
import type * as Region from '../../schema/generated/region.ts'
import { fault } from '../../schema/graphql-errors.ts'
import type { Policies } from '../../schema/policies/create-policies.ts'
import { toRoleGroup } from '../../schema/policies/role-group.ts'
import { toReviewNote } from '../../schema/reviewed-text.ts'
import type { OverrideReview, RecordStore, ReviewClosingOutcome, ReviewScope } from '../store/record-store.ts'

/** A privacy officer's request to a region. */
export interface OfficerRequest {
  readonly viewer: TokenHolder
  readonly store: RecordStore
  readonly policies: Pick<Policies, 'version'>
  /** ODS code of the region's own office. */
  readonly regionOffice: string
  readonly nowMs: number
}

const maxPageSize = 100

/** Throws FORBIDDEN unless the holder's role is a privacy officer's. */
export function assertPrivacyOfficer({ role }: TokenHolder): void {
  if (!isPrivacyOfficer(role.code)) throw fault('FORBIDDEN', 'Expected the role of a privacy officer.')
}

/**
 * Reads the open reviews of this officer: their own organisation's, and the region's for officers of the region's
 * office.
 */
export async function readOpenReviews(
  { viewer, store, regionOffice }: OfficerRequest,
  { first, after }: { readonly first: number; readonly after: string | null },
): Promise<Region.ReviewPage> {
  assertPrivacyOfficer(viewer)
  if (first < 1 || first > maxPageSize)
    throw fault('FIRST_OUT_OF_RANGE', `Expected first to be between 1 and ${maxPageSize}.`)
  const scope = toScope(viewer, regionOffice)
  const [found, openCount] = await Promise.all([
    readReviewPage(store, scope, { first, after }),
    store.countOpenReviews(scope),
  ])
  return {
    reviews: found.slice(0, first).map((review) => toReview(review, review.position)),
    hasMore: found.length > first,
    openCount,
  }
}

async function readReviewPage(
  store: RecordStore,
  scope: ReviewScope,
  page: Parameters<RecordStore['findOpenReviews']>[1],
): ReturnType<RecordStore['findOpenReviews']> {
  try {
    return await store.findOpenReviews(scope, page)
  } catch (cause) {
    if (cause instanceof RangeError)
      throw fault('BAD_CURSOR', 'Expected after to be a position that an earlier review bore.', { cause })
    throw cause
  }
}

export interface ReviewRequest {
  readonly grant: string
  readonly office: Region.ReviewOffice
  readonly outcome: Region.ReviewOutcome
  readonly note: string
}

/**
 * Closes an office's review. The reviewer is an officer of that office who neither broke the glass nor did the other
 * review. Throws NOTE_TOO_LONG.
 */
export async function reviewOverride(
  { viewer, store, policies, regionOffice, nowMs }: OfficerRequest,
  { grant, office, outcome, note }: ReviewRequest,
): Promise<Region.ReviewReply> {
  const decide = (code: string, says: string) => ({
    done: code === 'PERMITTED',
    code,
    rules: [],
    says,
    policyVersion: policies.version,
    alert: false,
  })
  const review = (await store.findReviews(grant)).find((one) => one.office === office)
  if (!review || !isForOfficer(review, viewer, regionOffice))
    return { decision: decide('NOT_YOURS', 'There is no such review for you to do.'), review: null }
  const closing = await store.closeReview(grant, office, {
    outcome,
    note: toReviewNote(note),
    reviewer: viewer.id,
    atMs: nowMs,
  })
  const { code, says } = faultByClosing[closing]
  const now = (await store.findReviews(grant)).find((one) => one.office === office)
  return {
    decision: decide(code, says),
    review: now && (closing === 'CLOSED' || closing === 'NOT_OPEN') ? toReview(now) : null,
  }
}

const faultByClosing: Readonly<Record<ReviewClosingOutcome, { readonly code: string; readonly says: string }>> = {
  CLOSED: { code: 'PERMITTED', says: 'The review is done.' },
  NOT_OPEN: { code: 'ALREADY_REVIEWED', says: 'This review is done already.' },
  OWN_ACCESS: { code: 'OWN_ACCESS', says: 'Nobody reviews their own access.' },
  SAME_REVIEWER: { code: 'SAME_REVIEWER', says: 'Two people review each broken glass: you did the other review.' },
}

function isPrivacyOfficer(role: string): boolean {
  return toRoleGroup(role) === 'privacy'
}

function toScope({ organisation }: TokenHolder, regionOffice: string): ReviewScope {
  return { organisation: organisation.odsCode, region: organisation.odsCode === regionOffice }
}

function isForOfficer({ grant, office }: OverrideReview, viewer: TokenHolder, regionOffice: string): boolean {
  const scope = toScope(viewer, regionOffice)
  return (
    isPrivacyOfficer(viewer.role.code) &&
    (office === 'REGION' ? scope.region : grant.organisation === scope.organisation)
  )
}

function toReview(
  { grant, office, dueByMs, outcome, reviewedAtMs }: OverrideReview,
  position = '',
): Region.OverrideReview {
  const { id, atMs, barrier, reason, justification, person, organisation } = grant
  return {
    grant: id,
    position,
    at: toInstant(atMs),
    barrier,
    reason,
    justification,
    person,
    organisation,
    office,
    dueBy: toInstant(dueByMs),
    outcome,
    reviewedAt: reviewedAtMs === null ? null : toInstant(reviewedAtMs),
  }
}

function toInstant(ms: number): string {
  return new Date(ms).toISOString()
}
