import type { ConfirmFailure, RegionBreaker, RegionCallOutcome } from './region-breaker.ts'
import { RegionFault, toRegionFault } from './region-fault.ts'
/** Outcome of one call: the region answered, the call failed, or the region sent a Retry-After (milliseconds). */
export type CallOutcome = 'answered' | 'failed' | { readonly retryAfterMs: number }

/** Decides whether calls to a region are allowed (closed) or suspended (open). */
export interface CircuitBreaker {
  /** Starts a call and returns the function that records its outcome. Returns null while the breaker is open. */
  startCall(): ((end: CallOutcome) => void) | null
  /** Returns when the breaker next allows a call, by `clock`, or null if it allows one now. */
  suspendedUntilMs(): number | null
}

export interface CircuitBreakerOptions {
  /** Consecutive failures that open the breaker. */
  readonly maxConsecutiveFailures: number
  readonly suspendMs: number
  /** Upper bound on a suspension that the region requests by Retry-After. */
  readonly maxRetryAfterMs: number
  /** Upper bound on the duration of one call. */
  readonly callMs: number
  /** Monotonic clock, in milliseconds. */
  readonly clock: () => number
}

/**
 * Creates a circuit breaker. After a suspension one probe call is allowed, and no other for `callMs`: its outcome
 * closes the breaker or opens it again. Outcomes of calls that started before a suspension are ignored, because they
 * are out of date.
 */
export function createCircuitBreaker({
  maxConsecutiveFailures,
  suspendMs,
  maxRetryAfterMs,
  callMs,
  clock,
}: CircuitBreakerOptions): CircuitBreaker {
  let failures = 0
  let untilMs: number | null = null
  let epoch = 0

  const suspend = (forMs: number) => {
    failures = 0
    untilMs = clock() + forMs
    epoch++
  }
  const resume = () => {
    untilMs = null
    epoch++
  }

  return {
    startCall() {
      if (untilMs !== null && clock() < untilMs) return null
      const isProbe = untilMs !== null
      if (isProbe) suspend(callMs)
      const startEpoch = epoch
      return (end) => {
        if (epoch !== startEpoch) return
        if (end === 'answered') {
          failures = 0
          if (isProbe) resume()
        } else if (end !== 'failed') suspend(Math.min(end.retryAfterMs, maxRetryAfterMs))
        else if (isProbe || ++failures >= maxConsecutiveFailures) suspend(suspendMs)
      }
    },
    suspendedUntilMs: () => (untilMs !== null && clock() < untilMs ? untilMs : null),
  }
}

export interface WithBreakerOptions {
  readonly breaker: RegionBreaker
  /** CIS2 user id of the viewer for whom the call is made. */
  readonly viewer: string
  readonly confirm: ConfirmFailure
}

/**
 * Calls the region if its breaker allows this viewer, and records the outcome. Rejects only with RegionFault; its
 * status is SUSPENDED if the region was not called.
 */
export async function withBreaker<Reply>(
  { breaker, viewer, confirm }: WithBreakerOptions,
  call: () => Promise<Reply>,
): Promise<Reply> {
  const end = breaker.startCall(viewer)
  if (!end) throw new RegionFault('SUSPENDED', 'not called: it failed again and again, or asked for it')
  try {
    const reply = await call()
    end('answered', confirm)
    return reply
  } catch (error) {
    const fault = toRegionFault(error)
    end(toCallOutcome(fault), confirm)
    throw fault
  }
}

function toCallOutcome({ retryAfterMs, isRegionFault: isRegions, isConnectFailure }: RegionFault): RegionCallOutcome {
  if (retryAfterMs !== null) return { retryAfterMs }
  if (!isRegions) return 'answered'
  return isConnectFailure ? 'unreachable' : 'failed'
}
