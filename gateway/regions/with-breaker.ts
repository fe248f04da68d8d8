import { RegionFault, toRegionFault } from './region-fault.ts'
import type { ConfirmFailure, SharedBreaker, SharedCallEnd } from './shared-breaker.ts'

export interface BreakerOptions {
  readonly breaker: SharedBreaker
  /** The person whose call it is. */
  readonly viewer: string
  readonly confirm: ConfirmFailure
}

/** Calls the region where its breaker lets this viewer, and tells the breaker what came of it. Rejects with RegionFault only; SUSPENDED: it was not called. */
export async function withBreaker<Reply>({ breaker, viewer, confirm }: BreakerOptions, call: () => Promise<Reply>): Promise<Reply> {
  const end = breaker.begin(viewer)
  if (!end) throw new RegionFault('SUSPENDED', 'not called: it failed again and again, or asked for it')
  try {
    const reply = await call()
    end('answered', confirm)
    return reply
  } catch (error) {
    const fault = toRegionFault(error)
    end(toEnd(fault), confirm)
    throw fault
  }
}

function toEnd({ retryAfterMs, isRegions, isUnconnected }: RegionFault): SharedCallEnd {
  if (retryAfterMs !== null) return { retryAfterMs }
  if (!isRegions) return 'answered'
  return isUnconnected ? 'unreachable' : 'failed'
}
