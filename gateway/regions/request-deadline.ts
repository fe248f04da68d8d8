import type { RegionConfiguration } from '../../schema/regions.ts'
import { InvalidSetting } from '../../schema/service/startup-error.ts'
/** The time by which a request is answered with the outcomes it has. */
export interface RequestDeadline {
  /**
   * Resolves with the result of `work`, or with `late()` once the deadline passes. Work in progress goes on, and its
   * result is ignored. After the deadline, work is not started.
   */
  runWithin<Outcome>(work: () => Promise<Outcome>, late: (afterMs: number) => Outcome): Promise<Outcome>
}

export interface RequestDeadlineOptions {
  /** Duration of the request from now on. */
  readonly deadlineMs: number
  /** Monotonic clock, in milliseconds. @default performance.now */
  readonly clock?: () => number
}

/** Creates the deadline of a request that starts now. */
export function createRequestDeadline({
  deadlineMs,
  clock = () => performance.now(),
}: RequestDeadlineOptions): RequestDeadline {
  const endsAtMs = clock() + deadlineMs
  const { promise: passed, resolve } = Promise.withResolvers<void>()
  // One timer serves all work in progress.
  let timer: ReturnType<typeof setTimeout> | null = null
  let working = 0
  return {
    async runWithin(work, late) {
      const begunAtMs = clock()
      const leftMs = endsAtMs - begunAtMs
      // A timer may fire a millisecond early, so work that starts right after it is late.
      if (leftMs < 1) return late(0)
      working++
      timer ??= setTimeout(resolve, leftMs)
      try {
        return await Promise.race([work(), passed.then(() => late(clock() - begunAtMs))])
      } finally {
        working--
        if (working === 0) {
          clearTimeout(timer)
          timer = null
        }
      }
    },
  }
}

/**
 * Asserts that each region's time limit is shorter than the request's, so that time is left to answer. Throws
 * InvalidSetting.
 */
export function assertRegionTimes(regions: readonly RegionConfiguration[], deadlineMs: number): void {
  const slowest = regions.reduce((a, b) => (b.timeMs > a.timeMs ? b : a))
  if (slowest.timeMs >= deadlineMs)
    throw new InvalidSetting(
      `more than the time of every region, ${slowest.timeMs} ms of ${slowest.code}`,
      String(deadlineMs),
    )
}
