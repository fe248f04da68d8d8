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
