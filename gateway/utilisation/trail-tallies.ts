import { Worker } from 'node:worker_threads'
import type { ChainPosition } from '../audit/read-confirmed.ts'
import { addTallies, type DayTallies } from './day-tallies.ts'
import type { TrailTally } from './tally-trail.ts'

export interface TrailTalliesOptions {
  /** The trail's folder; every writer in it counts. */
  readonly folder: string
  readonly now: () => number
}

export interface TrailTallies {
  /** What is on the trail, by day, up to `asOfMs`, that which is recorded when this is called included. Rejects where the trail cannot be read. */
  read(): Promise<{ readonly tallies: ReadonlyMap<string, ReadonlyMap<string, number>>; readonly asOfMs: number }>
}

/** Remembers what was read, and reads what is new on a thread of its own: the first time a year's lines, which would keep requests waiting. */
export function createTrailTallies({ folder, now }: TrailTalliesOptions): TrailTallies {
  const tallies: DayTallies = new Map()
  let positions: ReadonlyMap<string, ChainPosition> = new Map()
  let reading: Promise<unknown> = Promise.resolve()
  const readNew = async () => {
    const asOfMs = now()
    const found = await runThread(folder, positions)
    addTallies(tallies, found.tallies)
    positions = found.positions
    return { tallies, asOfMs }
  }
  return {
    read() {
      // One after the other; what failed is tried again by the next.
      const read = reading.then(readNew)
      reading = read.catch(() => {})
      return read
    },
  }
}

function runThread(folder: string, positions: ReadonlyMap<string, ChainPosition>): Promise<TrailTally> {
  const thread = new Worker(new URL('tally-thread.ts', import.meta.url), { workerData: { folder, positions }, env: {} })
  // What ends meanwhile need not wait for it.
  thread.unref()
  return new Promise((resolve, reject) => {
    thread.once('message', resolve).once('error', reject)
    thread.once('exit', (code) => reject(new Error(`Reading the trail ended with ${code} before it had a result`)))
  })
}
