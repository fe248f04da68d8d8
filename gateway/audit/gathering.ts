export interface GatheringOptions {
  /** The longest that a record waits for others to go with it, in milliseconds. */
  readonly gatherMs: number
  /** How many records wait to be written. */
  readonly waiting: () => number
  /** How many requests are being answered, those among them whose records wait. */
  readonly onTheWay: () => number
}

/** After so many records in one write, the next write waits for more; so many do not wait any longer. */
const [manyRecords, enoughRecords] = [4, 32]

/**
 * Decides how long a write waits for more records to go with it. A sync costs as much processor time as an answer from the cache, and wakes two
 * threads: where requests come so thick that several wait for each, the next waits until all that are being answered wait for it, or a few
 * milliseconds have gone by since the last began. Where they do not, nobody waits.
 */
export class Gathering {
  readonly #options: GatheringOptions
  #end: (() => void) | null = null

  constructor(options: GatheringOptions) {
    this.#options = options
  }

  /** Resolves when the next write is to begin; the last had so many records, and began then by performance.now. */
  async enough(lastRecords: number, lastBeganMs: number): Promise<void> {
    const { waiting, gatherMs } = this.#options
    if (lastRecords < manyRecords || waiting() >= enoughRecords) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, lastBeganMs + gatherMs - performance.now())
      this.#end = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#end = null
  }

  /** One more record waits. */
  recorded(): void {
    // Others of the same round of the loop may be about to record.
    if (this.#end) setImmediate(() => this.#endIfEnough())
  }

  /** Nobody waits any longer. */
  close(): void {
    this.#end?.()
  }

  #endIfEnough(): void {
    const { waiting, onTheWay } = this.#options
    if (waiting() >= Math.min(enoughRecords, onTheWay())) this.#end?.()
  }
}
