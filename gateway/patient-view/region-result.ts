import type { RegionStatus } from '../../schema/generated/patient-view.ts'
import type { Decision } from '../../schema/policies/decision.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { type RegionDecision, statusByDecision, toRegionDecision } from '../consent/region-decision.ts'
import { reservedPrefix } from '../regions/region-query.ts'
import type { PatientReply, RecordReply, RegionOutcome } from '../regions/region-reply.ts'
/** One region's part in one patient's view. `reply` and its record are there exactly when the status is ANSWERED. */
export type RegionResult = {
  readonly region: RegionConfiguration
  /** Null: the region was not asked now. */
  readonly latencyMs: number | null
  readonly fromCache: boolean
  /** The region flags the patient sensitive; told, to the gateway alone, where the record is refused or concealed too. Null: it did not say now. */
  readonly sensitive: boolean | null
  /** Whole, for the audit trail; what the viewer is told of it is completeness.ts's to say. Null: none was made. */
  readonly decision: RegionDecision | null
  /** The region answered with more than is read: it is FAILED, but for what was asked. @default false */
  readonly isTooLarge?: boolean
} & (
  | {
      readonly status: 'ANSWERED'
      readonly asOf: string
      readonly reply: PatientReply & { readonly record: RecordReply }
    }
  | { readonly status: Exclude<RegionStatus, 'ANSWERED'>; readonly asOf: null; readonly reply: null }
)

/** The region was asked, or should have been, and may answer when asked again: what it holds is still unread. */
export function isUnread(status: RegionStatus): boolean {
  return status === 'TIMED_OUT' || status === 'UNREACHABLE' || status === 'FAILED' || status === 'SUSPENDED'
}

/** What the region answered for a section of the plan, by its alias; null where it did not. The reply's shape was checked when it came. */
export function findSectionReply<Reply>({ reply }: RegionResult, alias: string): Reply | null {
  return (reply?.record[reservedPrefix + alias] as Reply | undefined) ?? null
}

/** The part with other replies for some of its sections, by alias. */
export function withSectionReplies(result: RegionResult, replies: ReadonlyMap<string, object | null>): RegionResult {
  if (result.status !== 'ANSWERED') return result
  const sections = Object.fromEntries([...replies].map(([alias, reply]) => [reservedPrefix + alias, reply]))
  return { ...result, reply: { ...result.reply, record: { ...result.reply.record, ...sections } } }
}

/** Which patient of an ask. */
export interface RequestedPatient {
  readonly askedNhsNumber: string
  /** Its place among the numbers of the ask. */
  readonly index: number
}

/** What one region comes to for one patient of an ask. What it answers for another number is not to be read at all. */
export function toRegionResult(
  region: RegionConfiguration,
  outcome: RegionOutcome,
  { askedNhsNumber, index }: RequestedPatient,
): RegionResult {
  const readAt = outcome.status === 'REPLIED' ? outcome.cachedReadAt?.get(askedNhsNumber) : undefined
  const fromCache = readAt !== undefined
  const latencyMs = fromCache || outcome.status === 'SUSPENDED' ? null : outcome.latencyMs
  const reply = outcome.status === 'REPLIED' ? outcome.view.patients[index] : undefined
  if (outcome.status !== 'REPLIED' || reply?.askedNhsNumber !== askedNhsNumber) {
    const failed = outcome.status === 'REPLIED' ? outcome.patientFailures?.get(askedNhsNumber) : outcome
    const status = failed?.status ?? (reply ? 'IDENTITY_MISMATCH' : 'FAILED')
    const isTooLarge = failed?.splitReason?.why === 'TOO_LARGE'
    return {
      region,
      status,
      latencyMs,
      fromCache,
      sensitive: null,
      decision: null,
      asOf: null,
      reply: null,
      isTooLarge,
    }
  }
  const { decision, record, sensitive } = reply
  const status = statusByDecision[decision.code]
  if (status !== 'ANSWERED')
    return { region, status, latencyMs, fromCache, sensitive, decision, asOf: null, reply: null }
  if (!record)
    return { region, status: 'NOT_KNOWN', latencyMs, fromCache, sensitive, decision, asOf: null, reply: null }
  return {
    region,
    status,
    latencyMs,
    fromCache,
    sensitive,
    decision,
    asOf: readAt ?? outcome.view.readAt,
    reply: { ...reply, record },
  }
}

/** A region that is not asked: the client left it out, or its access rules refuse. */
export function toNotAskedResult(region: RegionConfiguration, refusal: Decision | null): RegionResult {
  return {
    region,
    status: refusal ? 'REFUSED' : 'NOT_ASKED',
    latencyMs: null,
    fromCache: false,
    sensitive: null,
    decision: refusal && toRegionDecision(refusal),
    asOf: null,
    reply: null,
  }
}
