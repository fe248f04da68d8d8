export interface ViewerRateOptions {
  readonly operationsPerMinute: number
  /** Beyond these, the one who has not asked for longest is forgotten. @default 100,000 */
  readonly maxViewers?: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface ViewerRate {
  /** Counts one operation of a person's. 0: it may be done; otherwise it may not, and after so many seconds one may be. */
  take(person: string): number
}

interface Bucket {
  readonly left: number
  readonly atMs: number
}

const minuteMs = 60_000

/**
 * How many operations each person may still do: a minute's worth at most, regained evenly (token bucket). By person, not by token or address: a new
 * token gains nothing, and a hospital behind one address is not one viewer.
 */
export function createViewerRate({ operationsPerMinute, maxViewers = 100_000, now }: ViewerRateOptions): ViewerRate {
  const buckets = new Map<string, Bucket>()
  const msEach = minuteMs / operationsPerMinute
  return {
    take(person) {
      const atMs = now()
      const { left: before, atMs: sinceMs } = buckets.get(person) ?? { left: operationsPerMinute, atMs }
      // A clock set back gains nothing.
      const left = Math.min(operationsPerMinute, before + Math.max(0, atMs - sinceMs) / msEach)
      const isTaken = left >= 1
      buckets.delete(person)
      buckets.set(person, { left: isTaken ? left - 1 : left, atMs })
      if (buckets.size > maxViewers) forgetOldest(buckets)
      return isTaken ? 0 : Math.max(1, Math.ceil(((1 - left) * msEach) / 1000))
    },
  }
}

function forgetOldest(buckets: Map<string, Bucket>): void {
  for (const person of buckets.keys()) {
    buckets.delete(person)
    return
  }
}
