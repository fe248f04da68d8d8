export interface GatheringOptions {
  /** The longest that a record waits for others to go with it, in milliseconds. */
  readonly gatherMs: number
  /** How long it waits for as many as went in the last write, in milliseconds. */
  readonly usualMs: number
  /** How many records wait to be written. */
  readonly waiting: () => number
  /** How many requests are being answered, those among them whose records wait. */
  readonly onTheWay: () => number
}

/** After so many records in one write, the next write waits for more. */
const manyRecords = 4
/** So many wait for no more. */
const enoughRecords = 32

/**
 * Decides how long a write waits for more records to go with it. A sync costs as much processor time as an answer from the cache, and wakes two
 * threads: where requests come so thick that several wait for each, the first waits for as many as went the last time, whose clients ask again,
 * and for all that are being answered; for the latter beside requests that wait for a slow region, too. Where requests do not come so thick,
 * nobody waits.
 */
export class Gathering {
  readonly #options: GatheringOptions
  #end: (() => void) | null = null
  #usual = 0
  #isLooking = false
  #isClosed = false

  constructor(options: GatheringOptions) {
    this.#options = options
  }

  /** Resolves when what waits is to be written; the last write had so many records. */
  async enough(lastRecords: number): Promise<void> {
    const { waiting, gatherMs, usualMs } = this.#options
    if (this.#isClosed || lastRecords < manyRecords || waiting() >= enoughRecords) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#end = resolve
    this.#usual = Math.min(enoughRecords, lastRecords)
    const ending = setTimeout(resolve, gatherMs)
    const expecting = setTimeout(() => {
      this.#usual = 0
      this.recorded()
    }, usualMs)
    this.recorded()
    await promise
    clearTimeout(ending)
    clearTimeout(expecting)
    this.#end = null
  }

  /** One more record waits. */
  recorded(): void {
    if (!this.#end || this.#isLooking || this.#options.waiting() < this.#usual) return
    this.#isLooking = true
    // In a round of the event loop others may have come.
    setImmediate(() => this.#look())
  }

  /** Nobody waits any longer. */
  close(): void {
    this.#isClosed = true
    this.#end?.()
  }

  #look(): void {
    this.#isLooking = false
    const { waiting, onTheWay } = this.#options
    if (waiting() >= Math.min(enoughRecords, onTheWay())) this.#end?.()
  }
}
