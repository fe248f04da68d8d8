import type { RegionFailure } from './region-fault.ts'

/** Records how long one request waits for each region (RegionCode), by performance.now. */
export interface RegionWaitRecorder {
  /** Records a patient view's wait. `call` is the call that ended it, if it is traced. */
  recordWait(region: string, status: 'ANSWERED' | RegionFailure, fromMs: number, toMs: number, call?: TracedCall): void
  /** Records any other operation's wait, which ends now. */
  recordOperationWait(region: string, status: 'ANSWERED' | RegionFailure, fromMs: number): void
}

/** Converts a call's status to the status that the request records. */
export function toWaitStatus(status: 'REPLIED' | RegionFailure): 'ANSWERED' | RegionFailure {
  return status === 'REPLIED' ? 'ANSWERED' : status
}

/** The trace of the request for which a region is called. */
export interface CallTrace {
  /** Starts the span of a call that is about to be sent. */
  startCall(call: TracedCallStart): TracedCall
}

export interface TracedCallStart {
  /** RegionCode. */
  readonly region: string
  readonly url: string
  readonly method: 'GET' | 'POST'
  /** Path template, without values of the request. */
  readonly path: '/graphql' | '/content/{id}'
  /** Number of earlier attempts with the same request. */
  readonly resends: number
}

/** One call over the network. */
export interface TracedCall {
  /** Trace headers to send with the call. */
  readonly headers: Readonly<Record<string, string>>
  /**
   * Ends the span. `outcome` is REPLIED or the region's failure; `httpStatus` is null if there was none or it is
   * unknown; `atMs` is by performance.now.
   */
  end(outcome: string, httpStatus: number | null, atMs: number): void
}
