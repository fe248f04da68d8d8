import type { RegionFailure } from './region-fault.ts'

/** Told how long one request waits for each region (RegionCode), by performance.now. */
export interface RegionWaitRecorder {
  /** For a patient view. `call`: by which it was heard, where that is traced. */
  recordWait(region: string, status: 'ANSWERED' | RegionFailure, fromMs: number, toMs: number, call?: TracedCall): void
  /** Until now, for anything else. */
  recordOperationWait(region: string, status: 'ANSWERED' | RegionFailure, fromMs: number): void
}

/** The status that a request tells of a call. */
export function toWaitStatus(status: 'REPLIED' | RegionFailure): 'ANSWERED' | RegionFailure {
  return status === 'REPLIED' ? 'ANSWERED' : status
}

/** The trace of the request for which a region is called. */
export interface CallTrace {
  /** A call is about to be sent. */
  startCall(call: TracedCallStart): TracedCall
}

export interface TracedCallStart {
  /** RegionCode. */
  readonly region: string
  readonly url: string
  readonly method: 'GET' | 'POST'
  /** Without what stands in it of a request. */
  readonly path: '/graphql' | '/content/{id}'
  /** How often the same was sent before. */
  readonly resends: number
}

/** One call over the network. */
export interface TracedCall {
  /** To be sent with it. */
  readonly headers: Readonly<Record<string, string>>
  /** `outcome`: REPLIED or the region's failure; `httpStatus`: null where there was none, or it is not known; `atMs` by performance.now. */
  end(outcome: string, httpStatus: number | null, atMs: number): void
}
