/** How long things took: how many there were, and the times that a share of them did not exceed, within 2.5 %. */
export interface LatencyHistogram {
  readonly count: number
  /** Counts a time in milliseconds. */
  add(ms: number): void
  /** Counts all that the other has counted. */
  addAll(other: LatencyHistogram): void
  /** The least time in milliseconds that at least this share of the times did not exceed (nearest rank); null where none was counted. */
  percentileMs(share: number): number | null
  /** How many times fell into each range; as long as any of them needs. */
  readonly counts: Uint32Array
}

/** Each range ends where this many times its beginning is; its middle is within 2.5 % of all that is in it. */
const growth = 1.05
/** Below it, times are not told apart. */
const leastMs = 0.1
/** Above it, neither: no request may take as long (REQUEST_DEADLINE_MS). */
const mostMs = 150_000
const ranges = rangeOf(mostMs) + 1

/** An empty histogram with ranges of the same ratio (1.2 kB, however much is counted). */
export function createLatencyHistogram(): LatencyHistogram {
  const counts = new Uint32Array(ranges)
  let count = 0
  return {
    counts,
    get count() {
      return count
    },
    add(ms) {
      counts[rangeOf(ms)] = (counts[rangeOf(ms)] ?? 0) + 1
      count++
    },
    addAll(other) {
      for (let range = 0; range < ranges; range++) counts[range] = (counts[range] ?? 0) + (other.counts[range] ?? 0)
      count += other.count
    },
    percentileMs(share) {
      let left = Math.max(1, Math.ceil(share * count))
      if (count === 0) return null
      for (let range = 0; range < ranges; range++) {
        left -= counts[range] ?? 0
        if (left <= 0) return middleOf(range)
      }
      return middleOf(ranges - 1)
    },
  }
}

function rangeOf(ms: number): number {
  return ms > leastMs ? Math.ceil(Math.log(Math.min(ms, mostMs) / leastMs) / Math.log(growth)) : 0
}

function middleOf(range: number): number {
  return leastMs * growth ** Math.max(0, range - 0.5)
}
