/** Limits how many operations run concurrently. */
export interface ConcurrencyLimiter {
  isFull(): boolean
  /** Returns the function that releases the slot, or null when no slot is free. Releasing twice has no effect. */
  acquire(): (() => void) | null
}

export interface ConcurrencyLimiterOptions {
  readonly maxConcurrent: number
  /**
   * Hold time in milliseconds above which a slot counts as slow, if it also exceeds 1.5 times the unloaded hold time.
   * @default never
   */
  readonly slowMs?: number
  /** Returns the event loop's lag in milliseconds. @default no lag */
  readonly eventLoopLagMs?: () => number
  /** A monotonic clock in milliseconds. */
  readonly clock?: () => number
}

/**
 * Event-loop lag in milliseconds above which only `minConcurrent` slots are given, because work admitted then delays
 * all other work.
 */
const maxLagMs = 100
/** Enough operations to keep the process busy. */
const minConcurrent = 32
/** The limit before any hold time is measured. */
const initialLimit = 128
/**
 * Multiple of the unloaded hold time above which the process counts as overloaded; 2 admitted too many, because a
 * slow store is overloaded by few operations.
 */
const overloadFactor = 1.5
/** Multiple of `slowMs` above which a hold time is always slow, because the client no longer waits for the answer. */
const maxSlowFactor = 4
/** The window, in milliseconds of hold time, of the moving average of unloaded hold times. */
const averagingMs = 10_000

/**
 * Creates a limiter whose limit adapts: it grows by addition while slots are released soon and shrinks by
 * multiplication while they are not (AIMD).
 * A fixed limit is too high for slow stores and too low for quick ones. A long hold time under low load is no sign of
 * overload, so a region that always takes 1.5 s does not lower the limit. One that takes 1.5 s because of queueing
 * does.
 * The unloaded hold time is averaged by time held, not by count, so that many quick answers do not hide a few slow
 * ones.
 */
export function createConcurrencyLimiter({
  maxConcurrent,
  slowMs = Number.POSITIVE_INFINITY,
  eventLoopLagMs = () => 0,
  clock = performance.now.bind(performance),
}: ConcurrencyLimiterOptions): ConcurrencyLimiter {
  const minimum = Math.min(minConcurrent, maxConcurrent)
  let acquired = 0
  let limit = slowMs === Number.POSITIVE_INFINITY ? maxConcurrent : Math.min(initialLimit, maxConcurrent)
  let unloadedHoldMs: number | null = null
  const adjustLimit = (heldMs: number, isUnloaded: boolean) => {
    if (isUnloaded)
      unloadedHoldMs =
        unloadedHoldMs === null
          ? heldMs
          : unloadedHoldMs + (heldMs - unloadedHoldMs) * Math.min(1, heldMs / averagingMs)
    if (acquired * 2 < limit) return
    const overloadedHoldMs = Math.min(slowMs * maxSlowFactor, Math.max(slowMs, overloadFactor * (unloadedHoldMs ?? 0)))
    limit = heldMs > overloadedHoldMs ? Math.max(minimum, limit * 0.98) : Math.min(maxConcurrent, limit + 4 / limit)
  }
  const isFull = () => acquired >= Math.floor(limit) || (acquired >= minimum && eventLoopLagMs() > maxLagMs)
  return {
    isFull,
    acquire() {
      if (isFull()) return null
      const sinceMs = clock()
      const isUnloaded = acquired < minimum
      let isReleased = false
      acquired++
      return () => {
        if (isReleased) return
        isReleased = true
        adjustLimit(clock() - sinceMs, isUnloaded)
        acquired--
      }
    },
  }
}
