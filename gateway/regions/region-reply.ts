import type * as Region from '../../schema/generated/region.ts'
import type { RegionFailure, SplitReason } from './region-fault.ts'
import type { TracedCall } from './region-wait-recorder.ts'

/** A record as asked: sections by their alias, and the client's own selection beside them. */
export type RecordReply = Readonly<Record<string, unknown>> & Pick<Region.Record, 'nhsNumber' | 'localIdentifiers'>

export type PatientReply = Omit<Region.PatientReply, 'record'> & { readonly record: RecordReply | null }

export interface ViewReply {
  readonly sequence: number
  readonly readAt: string
  /** In the order asked; null: see `failures` of the outcome. */
  readonly patients: readonly (PatientReply | null)[]
}

/** From the first byte sent to the last one heard, both attempts together, by performance.now. */
export interface WireTime {
  readonly sentAtMs: number
  readonly receivedAtMs: number
  /** The last attempt, where who asked it is traced. */
  readonly call?: TracedCall
}

/** What came of asking one region: its reply, or how it failed. Both are data; neither is thrown. `onWire` is absent where it was not asked over the network. */
export type RegionOutcome = CallTimes & (RegionReply | FailedCall)

/** How long asking one region took. */
export interface CallTimes {
  readonly latencyMs: number
  readonly wireTime?: WireTime
}

/** A region's usable reply. */
export interface RegionReply {
  readonly status: 'REPLIED'
  readonly view: ViewReply
  /** How long the reply was on the wire. */
  readonly bytes: number
  /** The numbers that were answered out of the cache, and when the region read its store for each. Absent: none. */
  readonly cachedReadAt?: ReadonlyMap<string, string>
  /** Whether what was kept, or read for another request, holds still. Absent: all of it was read for this one. */
  readonly isStillValid?: () => boolean
  /** From then on what was kept does not hold, in milliseconds since 1970. Absent: nothing was kept. */
  readonly validUntilMs?: number
  /** The numbers of which no reply was usable though others were, and why. Absent: none. */
  readonly patientFailures?: ReadonlyMap<string, FailedCall>
}

/** How no usable reply came. `smaller`: a smaller question might be answered. */
export interface FailedCall {
  readonly status: RegionFailure
  readonly reason: string
  readonly splitReason?: SplitReason | null
}

/** Whose a document is, as far as a region shows it. */
export type DocumentReply = Region.DocumentReply

/** What came of one operation of a region's own roots. */
export type OperationOutcome<Reply> = { readonly latencyMs: number } & (
  | { readonly status: 'REPLIED'; readonly reply: Reply }
  | { readonly status: RegionFailure; readonly reason: string }
)
