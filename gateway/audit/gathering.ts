export interface GatheringOptions {
  /** The longest that a record waits for others to go with it, in milliseconds. */
  readonly gatherMs: number
  /** How many records wait to be written. */
  readonly waiting: () => number
  /** How many requests are being answered, those among them whose records wait. */
  readonly onTheWay: () => number
}

/** After so many records in one write, the next write waits for more. */
const manyRecords = 4
/** So many wait for no more. */
const enoughRecords = 32

/** Of the event loop, in which others whose bytes have come may be about to record. */
const rounds = 4

/**
 * Decides how long a write waits for more records to go with it. A sync costs as much processor time as an answer from the cache, and wakes two
 * threads: where requests come so thick that several wait for each, the first waits until all that are being answered wait with it, or
 * `gatherMs` have gone by; beside requests that wait for a slow region, these. Where requests do not come so thick, nobody waits.
 */
export class Gathering {
  readonly #options: GatheringOptions
  #end: (() => void) | null = null
  #isLooking = false
  #isClosed = false

  constructor(options: GatheringOptions) {
    this.#options = options
  }

  /** Resolves when what waits is to be written; the last write had so many records. */
  async enough(lastRecords: number): Promise<void> {
    const { waiting, gatherMs } = this.#options
    if (this.#isClosed || lastRecords < manyRecords || waiting() >= enoughRecords) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, gatherMs)
    this.#end = resolve
    this.recorded()
    await promise
    clearTimeout(timer)
    this.#end = null
  }

  /** One more record waits. */
  recorded(): void {
    if (!this.#end || this.#isLooking) return
    this.#isLooking = true
    this.#look(rounds)
  }

  /** Nobody waits any longer. */
  close(): void {
    this.#isClosed = true
    this.#end?.()
  }

  /** Looks after so many rounds whether all wait. */
  #look(left: number): void {
    if (left > 0) {
      setImmediate(() => this.#look(left - 1))
      return
    }
    this.#isLooking = false
    const { waiting, onTheWay } = this.#options
    if (waiting() >= Math.min(enoughRecords, onTheWay())) this.#end?.()
  }
}
