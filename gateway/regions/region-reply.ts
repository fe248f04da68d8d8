import type * as Region from '../../schema/generated/region.ts'
import type { RegionFailure, SplitReason } from './region-fault.ts'
import type { TracedCall } from './region-wait-recorder.ts'

/** A record as requested: sections by alias, and beside them the client's own selection. */
export type RecordReply = Readonly<Record<string, unknown>> & Pick<Region.Record, 'nhsNumber' | 'localIdentifiers'>

export type PatientReply = Omit<Region.PatientReply, 'record'> & { readonly record: RecordReply | null }

export interface ViewReply {
  readonly sequence: number
  readonly readAt: string
  /** In the order requested. Null: `patientFailures` states why. */
  readonly patients: readonly (PatientReply | null)[]
}

/** From the first byte sent to the last byte received, both attempts together, by performance.now. */
export interface WireTime {
  readonly sentAtMs: number
  readonly receivedAtMs: number
  /** The last attempt, if the request is traced. */
  readonly call?: TracedCall
}

/** Outcome of one view request to one region: its reply or its failure. Both are data and never thrown. */
export type RegionOutcome = CallTimes & (RegionReply | FailedCall)

/** Duration of one view request. `wireTime` is absent if nothing was sent. */
export interface CallTimes {
  readonly latencyMs: number
  readonly wireTime?: WireTime
}

/** A usable reply of a region. */
export interface RegionReply {
  readonly status: 'REPLIED'
  readonly view: ViewReply
  /** Size on the wire. */
  readonly bytes: number
  /** Patients answered from the cache, and when the region read its store for each. Absent: none. */
  readonly cachedReadAt?: ReadonlyMap<string, string>
  /** Returns whether the cached or shared replies are still valid. Absent: all replies were read for this request. */
  readonly isStillValid?: () => boolean
  /** When the first cached reply expires, in milliseconds since 1970. Absent: no reply was cached. */
  readonly validUntilMs?: number
  /** Patients without a usable reply although others have one, and why. Absent: none. */
  readonly patientFailures?: ReadonlyMap<string, FailedCall>
}

/** A call without a usable reply. `splitReason` states why a smaller request may succeed. */
export interface FailedCall {
  readonly status: RegionFailure
  readonly reason: string
  readonly splitReason?: SplitReason | null
}

/** The patient to whom a document belongs, as far as the region shows it. */
export type DocumentReply = Region.DocumentReply

/** Outcome of one operation of a region's own root fields. */
export type OperationOutcome<Reply> = { readonly latencyMs: number } & (
  | { readonly status: 'REPLIED'; readonly reply: Reply }
  | { readonly status: RegionFailure; readonly reason: string }
)
