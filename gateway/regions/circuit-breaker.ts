/** How a call ended: the region answered, it failed, or it asks not to be called for so long. */
export type CallOutcome = 'answered' | 'failed' | { readonly retryAfterMs: number }

/** Decides whether a region is called. */
export interface CircuitBreaker {
  /** Begins a call, whose end is to be told. Null: the region is suspended, and is not to be called. */
  startCall(): ((end: CallOutcome) => void) | null
  /** When the region is tried again, by the clock. Null: it would be called now. */
  suspendedUntilMs(): number | null
}

export interface CircuitBreakerOptions {
  /** Failures in a row that suspend the region. */
  readonly maxConsecutiveFailures: number
  readonly suspendMs: number
  /** The longest that a region is suspended for because it asks for it. */
  readonly maxRetryAfterMs: number
  /** How long a call takes at most. */
  readonly callMs: number
  /** Milliseconds of a clock that only goes forward. */
  readonly clock: () => number
}

/**
 * A region that failed again and again is suspended. When that has passed, one call is let through, and for as long as it can take no
 * other: it ends the suspension, or begins another. What comes of calls that were begun before a suspension is no news any more.
 */
export function createCircuitBreaker({
  maxConsecutiveFailures: failuresInRow,
  suspendMs,
  maxRetryAfterMs: longestRetryAfterMs,
  callMs,
  clock,
}: CircuitBreakerOptions): CircuitBreaker {
  let failures = 0
  let untilMs: number | null = null
  let turn = 0

  const suspend = (forMs: number) => {
    failures = 0
    untilMs = clock() + forMs
    turn++
  }
  const resume = () => {
    untilMs = null
    turn++
  }

  return {
    startCall() {
      if (untilMs !== null && clock() < untilMs) return null
      const isProbe = untilMs !== null
      if (isProbe) suspend(callMs)
      const begun = turn
      return (end) => {
        if (turn !== begun) return
        if (end === 'answered') {
          failures = 0
          if (isProbe) resume()
        } else if (end !== 'failed') suspend(Math.min(end.retryAfterMs, longestRetryAfterMs))
        else if (isProbe || ++failures >= failuresInRow) suspend(suspendMs)
      }
    },
    suspendedUntilMs: () => (untilMs !== null && clock() < untilMs ? untilMs : null),
  }
}
