/** So many things at a time. */
export interface ConcurrencyLimiter {
  isFull(): boolean
  /** A place until it is left; null where there is none. Leaving it again changes nothing. */
  acquire(): (() => void) | null
}

export interface ConcurrencyLimiterOptions {
  readonly maxConcurrent: number
  /** Where a place is held for longer, and for half as long again as beside few others, there are too many; in milliseconds. @default never */
  readonly slowMs?: number
  /** How far the process is behind, in milliseconds. @default never */
  readonly eventLoopLagMs?: () => number
  /** Milliseconds from anywhere. */
  readonly clock?: () => number
}

/** Beyond this delay there are as few places as may be. What is let in then would be answered late, and make the others so. */
const maxLagMs = 100
/** As many as keep the process busy. */
const minConcurrent = 32
/** Where nothing is known yet. */
const initialLimit = 128
/** Of what is usual beside few others. Twice as much would let too many in: few are a crowd already to a store that is slow enough. */
const overloadFactor = 1.5
/** However long it takes beside few others: of `slowMs`. Beyond, answers come too late for whoever waits. */
const maxSlowFactor = 4
/** What a place is held for in this time makes what is usual. */
const averagingMs = 10_000

/**
 * Places, as many as are held for a short time (additive increase, multiplicative decrease): one number is too many for slow stores and too few
 * for quick ones. What takes long while few places are taken says nothing of their number: a region that takes a second and a half for each costs
 * nobody a place, one that takes as long because many wait in it does. What is usual beside few others is a mean by time held, not by answers:
 * a thousand quick ones say nothing of those who hold the places.
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
