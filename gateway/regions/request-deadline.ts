/** When a request is answered with what has come by then. */
export interface RequestDeadline {
  /** What comes of the work; of `late` where the deadline passes first. The work goes on then, unheard; after the deadline it is not begun. */
  within<Outcome>(work: () => Promise<Outcome>, late: (afterMs: number) => Outcome): Promise<Outcome>
}

export interface RequestDeadlineOptions {
  /** How long the request may take from now on. */
  readonly deadlineMs: number
  /** Milliseconds of a clock that only goes forward. @default performance.now */
  readonly clock?: () => number
}

/** The deadline of a request that begins now. */
export function createRequestDeadline({ deadlineMs, clock = () => performance.now() }: RequestDeadlineOptions): RequestDeadline {
  const endsAtMs = clock() + deadlineMs
  return {
    async within(work, late) {
      const begunAtMs = clock()
      const leftMs = endsAtMs - begunAtMs
      if (leftMs <= 0) return late(0)
      const { promise: passed, resolve } = Promise.withResolvers<ReturnType<typeof late>>()
      const timer = setTimeout(() => resolve(late(clock() - begunAtMs)), leftMs)
      try {
        return await Promise.race([work(), passed])
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
