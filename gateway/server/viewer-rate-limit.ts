export interface ViewerRateLimitOptions {
  readonly operationsPerMinute: number
  /** Maximum viewers remembered; at least the half that asked last are. @default 100,000 */
  readonly maxViewers?: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface ViewerRateLimit {
  /** Takes one operation from a person's bucket. Returns 0, or the seconds until an operation is available again. */
  consume(person: string): number
  /** Takes more operations from a person's bucket, even below zero; the debt delays their next operation. */
  debit(person: string, operations: number): void
}

interface TokenBucket {
  tokens: number
  refilledAtMs: number
}

const minuteMs = 60_000

/**
 * Limits each person's operations by a token bucket that holds a minute's worth and refills evenly.
 * The key is the person, not the token or the address. A new token gains nothing, and a hospital behind one address
 * is not one viewer.
 */
export function createViewerRateLimit({
  operationsPerMinute,
  maxViewers = 100_000,
  now,
}: ViewerRateLimitOptions): ViewerRateLimit {
  // Two generations of buckets, of which the older is dropped whole, because keeping all in order of use would cost
  // more than the limit itself.
  let latest = new Map<string, TokenBucket>()
  let earlier = new Map<string, TokenBucket>()
  const msPerToken = minuteMs / operationsPerMinute
  const findBucket = (person: string, atMs: number): TokenBucket => {
    const found = latest.get(person)
    if (found) return found
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
      // A clock that was set back refills nothing.
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
