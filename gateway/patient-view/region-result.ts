import type { RegionStatus } from '../../schema/generated/patient-view.ts'
import type { Decision } from '../../schema/policies/decision.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { type RegionDecision, statusByDecision, toRegionDecision } from '../consent/region-decision.ts'
import { reservedPrefix } from '../regions/region-query.ts'
import type { PatientReply, RecordReply, RegionOutcome } from '../regions/region-reply.ts'
/** One region's result for one patient. `reply` and its record are present exactly when the status is ANSWERED. */
export type RegionResult = {
  readonly region: RegionConfiguration
  /** Null: no request was sent now. */
  readonly latencyMs: number | null
  readonly fromCache: boolean
  /**
   * Whether the region flags the patient sensitive; stated, to the gateway alone, even when the record is refused.
   * Null: not stated now.
   */
  readonly sensitive: boolean | null
  /** The whole decision, for the audit trail; completeness.ts decides what the viewer sees. Null: there was none. */
  readonly decision: RegionDecision | null
  /**
   * The reply exceeded what the gateway reads, so the status is FAILED because of what was requested. @default false
   */
  readonly isTooLarge?: boolean
} & (
  | {
      readonly status: 'ANSWERED'
      readonly asOf: string
      readonly reply: PatientReply & { readonly record: RecordReply }
    }
  | { readonly status: Exclude<RegionStatus, 'ANSWERED'>; readonly asOf: null; readonly reply: null }
)

/** Tells whether the region may answer when asked again, so that its items are still unread. */
export function isUnread(status: RegionStatus): boolean {
  return status === 'TIMED_OUT' || status === 'UNREACHABLE' || status === 'FAILED' || status === 'SUSPENDED'
}

/**
 * Returns the region's reply for a section of the plan, by its alias, or null. Its shape was validated when it
 * arrived.
 */
export function findSectionReply<Reply>({ reply }: RegionResult, alias: string): Reply | null {
  return (reply?.record[reservedPrefix + alias] as Reply | undefined) ?? null
}

/** Returns the result with other replies for some of its sections, by alias. */
export function withSectionReplies(result: RegionResult, replies: ReadonlyMap<string, object | null>): RegionResult {
  if (result.status !== 'ANSWERED') return result
  const sections = Object.fromEntries([...replies].map(([alias, reply]) => [reservedPrefix + alias, reply]))
  return { ...result, reply: { ...result.reply, record: { ...result.reply.record, ...sections } } }
}

/** One patient of a request for several. */
export interface RequestedPatient {
  readonly askedNhsNumber: string
  /** Index among the request's numbers. */
  readonly index: number
}

/** Converts a region's outcome to its result for one patient. A reply about another number is not read at all. */
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

/** The result of a region that is not asked, because the client left it out or its access rules refuse. */
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
