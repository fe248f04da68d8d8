/** A clock that a test moves on, and what is due on the way. Nothing happens but in its turn. */
export interface VirtualClock {
  readonly nowMs: number
  /** Counts what has happened so far: of two things, the later has the greater turn. */
  readonly turn: number
  /** Lets it happen after that long, after whatever is due by then already. */
  schedule(ms: number, happen: () => void): void
  /** Lets it happen now. Resolves when all that follows from it at once has happened too. */
  runNow(happen: () => void): Promise<void>
  /** Moves the clock on, through everything that is due. */
  advance(ms: number): Promise<void>
}

interface ScheduledTask {
  readonly atMs: number
  readonly order: number
  readonly happen: () => void
}

export function createVirtualClock(startMs: number): VirtualClock {
  const due: ScheduledTask[] = []
  let nowMs = startMs
  let turn = 0
  let orders = 0

  const now = async (happen: () => void) => {
    turn++
    happen()
    // Promises, and what DataLoader puts after them, come before this.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    get nowMs() {
      return nowMs
    },
    get turn() {
      return turn
    },
    schedule(ms, happen) {
      due.push({ atMs: nowMs + ms, order: orders++, happen })
      due.sort((a, b) => a.atMs - b.atMs || a.order - b.order)
    },
    runNow: now,
    async advance(ms) {
      const untilMs = nowMs + ms
      for (let next = due[0]; next && next.atMs <= untilMs; next = due[0]) {
        due.shift()
        nowMs = next.atMs
        await now(next.happen)
      }
      nowMs = untilMs
    },
  }
}
