/** Runs pieces of work on the one thread, few at a time, so that everything else of the process is answered between them. */
export interface FairScheduler {
  /** Runs the piece when it is this viewer's turn; rejects with what the piece throws. */
  run<Result>(viewer: string, piece: () => Promise<Result>): Promise<Result>
}

/** How long pieces keep the event loop before it goes on, in milliseconds; the piece that is begun ends. */
const sliceMs = 5

/**
 * Viewers take turns, a piece each: who asks for two thousand pages keeps nobody waiting for more than one of them. What a piece's caller does with its
 * result, as printing it, counts as the piece's time.
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
    // To the end of the line.
    waiting.delete(viewer)
    if (pieces.length > 0) waiting.set(viewer, pieces)
    return piece
  }
  const scheduleNext = () => {
    // A tick begins when all promises are settled, so whoever waits for the last piece has gone on.
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
        // Past the end of a turn, the next one begins by itself.
        if (!isRunning && (endsAtMs === null || performance.now() < endsAtMs)) start()
      }),
  }
}
