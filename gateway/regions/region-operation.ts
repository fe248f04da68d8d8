import type * as Region from '../../schema/generated/region.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import type { RegionClient, RegionCredentials } from './region-client.ts'
import type { OperationOutcome } from './region-reply.ts'
import { type RegionWaitRecorder, toWaitStatus } from './region-wait-recorder.ts'
import type { RequestDeadline } from './request-deadline.ts'

/**
 * Operations that every region answers beside records, each with its arguments and its reply, as in clinical.graphql.
 */
export interface RegionOperations {
  readonly recordPermission: {
    readonly args: Region.MutationRecordPermissionArgs
    readonly reply: Region.PermissionReply
  }
  readonly withdrawPermission: {
    readonly args: Region.MutationWithdrawPermissionArgs
    readonly reply: Region.PermissionReply
  }
  readonly breakGlass: { readonly args: Region.MutationBreakGlassArgs; readonly reply: Region.GrantReply }
  readonly reviewOverride: { readonly args: Region.MutationReviewOverrideArgs; readonly reply: Region.ReviewReply }
  readonly openReviews: { readonly args: Region.QueryOpenReviewsArgs; readonly reply: Region.ReviewPage }
  readonly explainAccess: { readonly args: Region.QueryExplainAccessArgs; readonly reply: Region.Explanation }
  /** The root field is the region's own, named in the list of regions. */
  readonly countDocuments: {
    readonly args: { readonly week: string; readonly since: string }
    readonly reply: Region.DocumentCounts
  }
}

const decisionSelection = 'decision { done code rules says policyVersion alert }'
const reviewSelection =
  '{ grant position at barrier reason justification person organisation office dueBy outcome reviewedAt }'
const releaseSelection =
  '{ code rules policyVersion breakGlass { barrier reasons } grants permission itemRules alert standsForMs cacheable }'

const operationTexts: Readonly<Record<keyof RegionOperations, string | ((region: RegionConfiguration) => string)>> = {
  recordPermission: `mutation RecordPermission($nhsNumber: NHSNumber!, $basis: PermissionBasis!) {
    recordPermission(nhsNumber: $nhsNumber, basis: $basis) { ${decisionSelection} permission until }
  }`,
  withdrawPermission: `mutation WithdrawPermission($nhsNumber: NHSNumber!) {
    withdrawPermission(nhsNumber: $nhsNumber) { ${decisionSelection} permission until }
  }`,
  breakGlass: `mutation BreakGlass($nhsNumber: NHSNumber!, $barrier: Barrier!, $reason: OverrideReason!, $justification: String!) {
    breakGlass(nhsNumber: $nhsNumber, barrier: $barrier, reason: $reason, justification: $justification) { ${decisionSelection} grant until breakGlass { barrier reasons } }
  }`,
  reviewOverride: `mutation ReviewOverride($grant: ID!, $office: ReviewOffice!, $outcome: ReviewOutcome!, $note: String!) {
    reviewOverride(grant: $grant, office: $office, outcome: $outcome, note: $note) { ${decisionSelection} review ${reviewSelection} }
  }`,
  openReviews: `query OpenReviews($first: Int!, $after: ID) {
    openReviews(first: $first, after: $after) { reviews ${reviewSelection} hasMore openCount }
  }`,
  explainAccess: `query ExplainAccess($nhsNumber: NHSNumber!, $viewer: ExplainedViewer!) {
    explainAccess(nhsNumber: $nhsNumber, viewer: $viewer) { decision ${releaseSelection} concealed sections { section answer withheld } rules { id says effect } }
  }`,
  countDocuments: ({ countsField }) => `query CountDocuments($week: String!, $since: PartialDateTime!) {
    countDocuments: ${countsField}(week: $week, since: $since) { countedAt total inWeek counts { organisation type typeName total inWeek } days { day documents } }
  }`,
}

/** The request on whose behalf a region is called. */
export interface OperationCaller {
  readonly deadline: RequestDeadline
  /** @default does nothing */
  readonly recorder?: RegionWaitRecorder
}

/**
 * Runs one operation of one region once, within the region's time limit, and not after the request's deadline. A
 * region's failure is data (OperationOutcome) and never thrown.
 */
export async function runRegionOperation<Name extends keyof RegionOperations>(
  client: RegionClient,
  name: Name,
  args: RegionOperations[Name]['args'],
  credentials: RegionCredentials,
  { deadline, recorder }: OperationCaller,
): Promise<OperationOutcome<RegionOperations[Name]['reply']>> {
  const text = operationTexts[name]
  const query = { text: typeof text === 'string' ? text : text(client.region), variables: { ...args } }
  const askedAtMs = performance.now()
  const outcome = await deadline.runWithin<Awaited<ReturnType<RegionClient['runOperation']>>>(
    () => client.runOperation(query, credentials),
    (latencyMs) => ({ status: 'TIMED_OUT', reason: "the request's deadline passed", latencyMs }),
  )
  recorder?.recordOperationWait(client.region.code, toWaitStatus(outcome.status), askedAtMs)
  // The client has validated the data against the query and the region's SDL.
  return outcome.status === 'REPLIED'
    ? { ...outcome, reply: outcome.reply[name] as RegionOperations[Name]['reply'] }
    : outcome
}
