/** Runs tasks on the one thread in short slices, so that everything else in the process is served between them. */
export interface FairScheduler {
  /** Runs the task when it is this viewer's turn. Rejects with the task's error. */
  run<Result>(viewer: string, piece: () => Promise<Result>): Promise<Result>
}

/** Milliseconds of tasks before the event loop turns; a task that has begun finishes. */
const sliceMs = 5

/**
 * Creates a round-robin scheduler over viewers, one task each. A viewer with two thousand pages delays others by one
 * page at most. The time in which a task's caller uses its result, such as printing it, counts as the task's.
 */
export function createFairScheduler(): FairScheduler {
  const waiting = new Map<string, (() => Promise<void>)[]>()
  let endsAtMs: number | null = null
  let isRunning = false

  const takeNext = (): (() => Promise<void>) | undefined => {
    const [first] = waiting
    if (!first) return undefined
    const [viewer, pieces] = first
    const piece = pieces.shift()
    // Re-inserting moves the viewer to the end of the queue.
    waiting.delete(viewer)
    if (pieces.length > 0) waiting.set(viewer, pieces)
    return piece
  }
  const scheduleNext = () => {
    // A tick begins once all promises are settled, so the caller of the last task has continued by then.
    void Promise.resolve().then(() => process.nextTick(runNext))
  }
  const runNext = () => {
    if (endsAtMs === null) {
      endsAtMs = performance.now() + sliceMs
      setImmediate(() => {
        endsAtMs = null
        if (!isRunning && waiting.size > 0) start()
      })
    }
    const piece = performance.now() < endsAtMs ? takeNext() : undefined
    if (piece) void piece().then(scheduleNext)
    else isRunning = false
  }
  const start = () => {
    isRunning = true
    scheduleNext()
  }

  return {
    run: (viewer, piece) =>
      new Promise((resolve, reject) => {
        const pieces = waiting.get(viewer) ?? []
        pieces.push(async () => {
          try {
            resolve(await piece())
          } catch (error) {
            reject(error)
          }
        })
        waiting.set(viewer, pieces)
        // After the end of a slice, the next one starts by itself.
        if (!isRunning && (endsAtMs === null || performance.now() < endsAtMs)) start()
      }),
  }
}
