/** How long things took: how many there were, and the times that a share of them did not exceed, within 2.5 %. */
export interface LatencyHistogram {
  readonly count: number
  /** How many times fell into each range, and between which two ranges, both included, all of them did: sums of many go through those alone. */
  readonly counts: Uint32Array
  readonly lowest: number
  readonly highest: number
  /** Counts a time in milliseconds. */
  add(ms: number): void
  /** Counts all that the other has counted. */
  addAll(other: LatencyHistogram): void
  /** The least time in milliseconds that at least this share of the times did not exceed (nearest rank); null where none was counted. */
  percentileMs(share: number): number | null
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
  let lowest = ranges
  let highest = -1
  const addTo = (range: number, times: number) => {
    counts[range] = (counts[range] as number) + times
  }
  const widen = (from: number, to: number) => {
    lowest = Math.min(lowest, from)
    highest = Math.max(highest, to)
  }
  return {
    counts,
    get count() {
      return count
    },
    get lowest() {
      return lowest
    },
    get highest() {
      return highest
    },
    add(ms) {
      const range = rangeOf(ms)
      addTo(range, 1)
      widen(range, range)
      count++
    },
    addAll(other) {
      const { counts: added, lowest: from, highest: to } = other
      for (let range = from; range <= to; range++) addTo(range, added[range] as number)
      widen(from, to)
      count += other.count
    },
    percentileMs(share) {
      if (count === 0) return null
      let left = Math.max(1, Math.ceil(share * count))
      let range = lowest
      for (; range < highest; range++) {
        left -= counts[range] as number
        if (left <= 0) break
      }
      return middleOf(range)
    },
  }
}

function rangeOf(ms: number): number {
  return ms > leastMs ? Math.ceil(Math.log(Math.min(ms, mostMs) / leastMs) / Math.log(growth)) : 0
}

function middleOf(range: number): number {
  return leastMs * growth ** Math.max(0, range - 0.5)
}
