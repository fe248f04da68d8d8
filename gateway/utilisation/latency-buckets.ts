/** Buckets 5 % wide: what is read out of them is within 2.5 % of what was measured. */
const ratio = 1.05

/** The bucket of a duration in milliseconds; all below one are in the first. */
export function toLatencyBucket(ms: number): number {
  return ms < 1 ? 0 : 1 + Math.floor(Math.log(ms) / Math.log(ratio))
}

/**
 * The duration that this part of all (0.95) stayed within, in milliseconds, from counts by bucket; null without any.
 */
export function readQuantile(counts: ReadonlyMap<number, number>, part: number): number | null {
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0)
  let before = 0
  for (const [bucket, count] of [...counts].sort(([a], [b]) => a - b)) {
    before += count
    if (before >= part * all) return bucket === 0 ? 1 : Math.round(10 * ratio ** (bucket - 0.5)) / 10
  }
  return null
}
