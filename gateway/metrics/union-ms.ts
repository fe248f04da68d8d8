/** A stretch of time, by a clock that only goes forward. */
export interface Interval {
  readonly fromMs: number
  readonly toMs: number
}

/** How long at least one of the intervals lasted: what two share counts once. Milliseconds. */
export function unionMs(intervals: readonly Interval[]): number {
  const [first] = intervals
  if (!first) return 0
  if (intervals.length === 1) return Math.max(0, first.toMs - first.fromMs)
  let sumMs = 0
  let untilMs = Number.NEGATIVE_INFINITY
  for (const { fromMs, toMs } of [...intervals].sort((a, b) => a.fromMs - b.fromMs)) {
    if (toMs <= untilMs) continue
    sumMs += toMs - Math.max(fromMs, untilMs)
    untilMs = toMs
  }
  return sumMs
}
