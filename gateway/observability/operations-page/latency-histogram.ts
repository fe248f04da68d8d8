/** How long things took: how many there were, and the times that a share of them did not exceed, within 2.5 %. */
export interface LatencyHistogram {
  readonly count: number
  /**
   * How many times fell into each range, and between which two ranges, both included, all of them did: sums of many go
   * through those alone.
   */
  readonly counts: Uint32Array
  readonly minRange: number
  readonly maxRange: number
  /** Counts a time in milliseconds. */
  add(ms: number): void
  /** Counts all that the other has counted. */
  addAll(other: LatencyHistogram): void
  /**
   * The least time in milliseconds that at least this share of the times did not exceed (nearest rank); null where none
   * was counted.
   */
  percentileMs(share: number): number | null
}

/** Each range ends where this many times its beginning is; its middle is within 2.5 % of all that is in it. */
const rangeRatio = 1.05
/** Times below this share one range. */
const minMs = 0.1
/** Above it, neither: no request may take as long (REQUEST_DEADLINE_MS). */
const maxMs = 150_000
const rangeCount = toRange(maxMs) + 1

/** An empty histogram with ranges of the same ratio (1.2 kB, however much is counted). */
export function createLatencyHistogram(): LatencyHistogram {
  const counts = new Uint32Array(rangeCount)
  let count = 0
  let lowest = rangeCount
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
    get minRange() {
      return lowest
    },
    get maxRange() {
      return highest
    },
    add(ms) {
      const range = toRange(ms)
      addTo(range, 1)
      widen(range, range)
      count++
    },
    addAll(other) {
      const { counts: added, minRange: from, maxRange: to } = other
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
      return toMidpointMs(range)
    },
  }
}

function toRange(ms: number): number {
  return ms > minMs ? Math.ceil(Math.log(Math.min(ms, maxMs) / minMs) / Math.log(rangeRatio)) : 0
}

function toMidpointMs(range: number): number {
  return minMs * rangeRatio ** Math.max(0, range - 0.5)
}
