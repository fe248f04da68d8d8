import type { RegionStatus } from '../../schema/generated/patient-view.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { reservedPrefix } from '../regions/region-query.ts'
import type { PatientReply, RecordReply } from '../regions/region-reply.ts'
import type { RegionDecision } from './region-decision.ts'

/** One region's part in one patient's view. `reply` and its record are there exactly when the status is ANSWERED. */
export type RegionPart = {
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
  | { readonly status: 'ANSWERED'; readonly asOf: string; readonly reply: PatientReply & { readonly record: RecordReply } }
  | { readonly status: Exclude<RegionStatus, 'ANSWERED'>; readonly asOf: null; readonly reply: null }
)

/** The region was asked, or should have been, and may answer when asked again: what it holds is still unread. */
export function isUnread(status: RegionStatus): boolean {
  return status === 'TIMED_OUT' || status === 'UNREACHABLE' || status === 'FAILED' || status === 'SUSPENDED'
}

/** What the region answered for a section of the plan, by its alias; null where it did not. The reply's shape was checked when it came. */
export function sectionReply<Reply>({ reply }: RegionPart, alias: string): Reply | null {
  return (reply?.record[reservedPrefix + alias] as Reply | undefined) ?? null
}

/** The part with other replies for some of its sections, by alias. */
export function withSectionReplies(part: RegionPart, replies: ReadonlyMap<string, object | null>): RegionPart {
  if (part.status !== 'ANSWERED') return part
  const sections = Object.fromEntries([...replies].map(([alias, reply]) => [reservedPrefix + alias, reply]))
  return { ...part, reply: { ...part.reply, record: { ...part.reply.record, ...sections } } }
}
