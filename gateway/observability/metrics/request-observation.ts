/**
 * What is known of a request once its answer is made: numbers, and words of closed lists. Nothing of the patient, the
 * viewer or the text they sent.
 */
export interface RequestObservation {
  /** As on the audit trail and in the logs. */
  readonly requestId: string
  /** Of the trace that the request stands in. Absent: none. */
  readonly traceId?: string
  /** The published operation's name; `other` for what is not published. */
  readonly operation: string
  /** Milliseconds since 1970. */
  readonly startedAtMs: number
  /** From the request's head to the answer's last byte handed over. */
  readonly durationMs: number
  /** Of that, the time in which no region was waited for: `durationMs` less the union of the waits. */
  readonly gatewayMs: number
  readonly outcome: RequestOutcome
  /**
   * Of the error for which it was refused or failed, as AUDIT_UNAVAILABLE: one of ours (schema/graphql-errors.ts).
   * Absent: none is known.
   */
  readonly code?: string
  readonly stages: StageTimes
  readonly regions: readonly RegionObservation[]
}

/**
 * COMPLETE and INCOMPLETE of patient views (every one of them complete, or not); DONE of all other; REFUSED before
 * work, or for faults of the client's alone; FAILED with an error of ours.
 */
export type RequestOutcome = 'COMPLETE' | 'INCOMPLETE' | 'DONE' | 'REFUSED' | 'FAILED'

/** Where the time went, in milliseconds; stages that did not happen are 0. */
export interface StageTimes {
  /** Token, body, limits and the operation's plan. */
  readonly planMs: number
  /** Access rules. */
  readonly accessMs: number
  /** The union of the waits for regions. */
  readonly regionsMs: number
  /** Identity, merging and printing. */
  readonly assembleMs: number
  /** Until the trail was on disk. */
  readonly auditMs: number
}

export interface RegionObservation {
  /** RegionCode. */
  readonly region: string
  /** RegionStatus, as ANSWERED or TIMED_OUT; of several patients the one that is worst. */
  readonly status: string
  /** How long this request waited for the region, in milliseconds; 0 if it did not call it. */
  readonly waitMs: number
  readonly fromCache: boolean
}

/** Told of each request after its answer is sent. Never throws. */
export type ObserveRequest = (observation: RequestObservation) => void
