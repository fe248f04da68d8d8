import type { RegionConfiguration } from '../../schema/regions.ts'
import { InvalidSetting } from '../../schema/service/startup-error.ts'
/** When a request is answered with what has come by then. */
export interface RequestDeadline {
  /** What comes of the work; of `late` where the deadline passes first. The work goes on then, unheard; after the deadline it is not begun. */
  runWithin<Outcome>(work: () => Promise<Outcome>, late: (afterMs: number) => Outcome): Promise<Outcome>
}

export interface RequestDeadlineOptions {
  /** How long the request may take from now on. */
  readonly deadlineMs: number
  /** Milliseconds of a clock that only goes forward. @default performance.now */
  readonly clock?: () => number
}

/** The deadline of a request that begins now. */
export function createRequestDeadline({
  deadlineMs,
  clock = () => performance.now(),
}: RequestDeadlineOptions): RequestDeadline {
  const endsAtMs = clock() + deadlineMs
  const { promise: passed, resolve } = Promise.withResolvers<void>()
  // One timer, for as long as any work goes on.
  let timer: ReturnType<typeof setTimeout> | null = null
  let working = 0
  return {
    async runWithin(work, late) {
      const begunAtMs = clock()
      const leftMs = endsAtMs - begunAtMs
      // A timer may ring a millisecond early: what comes right after it is late.
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

/** Throws Unfit where a region may take as long as a whole request: nothing would be left of the request to answer in. */
export function assertRegionTimes(regions: readonly RegionConfiguration[], deadlineMs: number): void {
  const slowest = regions.reduce((a, b) => (b.timeMs > a.timeMs ? b : a))
  if (slowest.timeMs >= deadlineMs)
    throw new InvalidSetting(
      `more than the time of every region, ${slowest.timeMs} ms of ${slowest.code}`,
      String(deadlineMs),
    )
}
