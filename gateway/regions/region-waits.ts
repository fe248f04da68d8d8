import type { TracedCall } from './call-trace.ts'
import type { RegionFailure } from './region-reply.ts'

/** Told how long one request waits for each region (RegionCode), by performance.now. */
export interface RegionWaits {
  /** For a patient view. `call`: by which it was heard, where that is traced. */
  waited(region: string, status: 'ANSWERED' | RegionFailure, fromMs: number, toMs: number, call?: TracedCall): void
  /** Until now, for anything else. */
  waitedApart(region: string, status: 'ANSWERED' | RegionFailure, fromMs: number): void
}

/** The status that a request tells of a call. */
export function toWaitedStatus(status: 'REPLIED' | RegionFailure): 'ANSWERED' | RegionFailure {
  return status === 'REPLIED' ? 'ANSWERED' : status
}
