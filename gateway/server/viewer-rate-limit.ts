export interface ViewerRateLimitOptions {
  readonly operationsPerMinute: number
  /** As many are remembered at most, and at least the half that asked last. @default 100,000 */
  readonly maxViewers?: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface ViewerRateLimit {
  /** Counts one operation of a person's. 0: it may be done; otherwise it may not, and after so many seconds one may be. */
  consume(person: string): number
  /** Counts more operations of a person's, whether or not they may be done: what is done beyond is owed. */
  debit(person: string, operations: number): void
}

interface TokenBucket {
  tokens: number
  refilledAtMs: number
}

const minuteMs = 60_000

/**
 * How many operations each person may still do: a minute's worth at most, regained evenly (token bucket). By person, not by token or address: a new
 * token gains nothing, and a hospital behind one address is not one viewer.
 */
export function createViewerRateLimit({
  operationsPerMinute,
  maxViewers = 100_000,
  now,
}: ViewerRateLimitOptions): ViewerRateLimit {
  // Those who asked lately, and those before them, who are forgotten together: to keep all in order would cost each operation more than its rate.
  let latest = new Map<string, TokenBucket>()
  let earlier = new Map<string, TokenBucket>()
  const msPerToken = minuteMs / operationsPerMinute
  const findBucket = (person: string, atMs: number): TokenBucket => {
    const known = latest.get(person)
    if (known) return known
    const bucket = earlier.get(person) ?? { tokens: operationsPerMinute, refilledAtMs: atMs }
    if (latest.size >= Math.max(1, Math.floor(maxViewers / 2))) {
      earlier = latest
      latest = new Map()
    }
    latest.set(person, bucket)
    return bucket
  }
  return {
    consume(person) {
      const atMs = now()
      const bucket = findBucket(person, atMs)
      // A clock set back gains nothing.
      const left = Math.min(operationsPerMinute, bucket.tokens + Math.max(0, atMs - bucket.refilledAtMs) / msPerToken)
      const isTaken = left >= 1
      bucket.tokens = isTaken ? left - 1 : left
      bucket.refilledAtMs = atMs
      return isTaken ? 0 : Math.max(1, Math.ceil(((1 - left) * msPerToken) / 1000))
    },
    debit(person, operations) {
      findBucket(person, now()).tokens -= operations
    },
  }
}
