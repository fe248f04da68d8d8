export interface ViewerRateOptions {
  readonly operationsPerMinute: number
  /** As many are remembered at most, and at least the half that asked last. @default 100,000 */
  readonly maxViewers?: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface ViewerRate {
  /** Counts one operation of a person's. 0: it may be done; otherwise it may not, and after so many seconds one may be. */
  take(person: string): number
  /** Counts more operations of a person's, whether or not they may be done: what is done beyond is owed. */
  owe(person: string, operations: number): void
}

interface Bucket {
  left: number
  atMs: number
}

const minuteMs = 60_000

/**
 * How many operations each person may still do: a minute's worth at most, regained evenly (token bucket). By person, not by token or address: a new
 * token gains nothing, and a hospital behind one address is not one viewer.
 */
export function createViewerRate({ operationsPerMinute, maxViewers = 100_000, now }: ViewerRateOptions): ViewerRate {
  // Those who asked lately, and those before them, who are forgotten together: to keep all in order would cost each operation more than its rate.
  let latest = new Map<string, Bucket>()
  let earlier = new Map<string, Bucket>()
  const msEach = minuteMs / operationsPerMinute
  const bucketOf = (person: string, atMs: number): Bucket => {
    const known = latest.get(person)
    if (known) return known
    const bucket = earlier.get(person) ?? { left: operationsPerMinute, atMs }
    if (latest.size >= Math.max(1, Math.floor(maxViewers / 2))) {
      earlier = latest
      latest = new Map()
    }
    latest.set(person, bucket)
    return bucket
  }
  return {
    take(person) {
      const atMs = now()
      const bucket = bucketOf(person, atMs)
      // A clock set back gains nothing.
      const left = Math.min(operationsPerMinute, bucket.left + Math.max(0, atMs - bucket.atMs) / msEach)
      const isTaken = left >= 1
      bucket.left = isTaken ? left - 1 : left
      bucket.atMs = atMs
      return isTaken ? 0 : Math.max(1, Math.ceil(((1 - left) * msEach) / 1000))
    },
    owe(person, operations) {
      bucketOf(person, now()).left -= operations
    },
  }
}
