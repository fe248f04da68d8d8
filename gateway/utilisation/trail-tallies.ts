import { Worker } from 'node:worker_threads'
import type { ChainPosition } from '../audit/read-confirmed.ts'
import { addTallies, type DayTallies } from './day-tallies.ts'
import { addRoleName, type RoleName } from './tally-events.ts'
import type { TrailTally, WriterStart } from './tally-trail.ts'

export interface TrailTalliesOptions {
  /** The trail's folder; every writer in it counts. */
  readonly folder: string
  readonly now: () => number
}

/** What is on a trail, as far as it was read. */
export interface TrailSnapshot {
  readonly tallies: ReadonlyMap<string, ReadonlyMap<string, number>>
  readonly asOfMs: number
  /** From when on it is whole; null: nothing is on it. */
  readonly sinceMs: number | null
  /** The name of each role by its code, as it last was. */
  readonly roleNames: ReadonlyMap<string, { readonly display: string }>
  /** Writers of which nothing new is counted, for their heads are missing or damaged. */
  readonly unreadableWriters: readonly string[]
  /** How many events of each writer could not be read or counted, where there are any. */
  readonly odd: ReadonlyMap<string, number>
}

export interface TrailTallies {
  /**
   * What is on the trail, by day, up to `asOfMs`, that which is recorded when this is called included. Rejects where
   * the trail cannot be read.
   */
  read(): Promise<TrailSnapshot>
}

/**
 * Remembers what was read, and reads what is new on a thread of its own: the first time a year's lines, which would
 * keep requests waiting.
 */
export function createTrailTallies({ folder, now }: TrailTalliesOptions): TrailTallies {
  const tallies: DayTallies = new Map()
  const starts = new Map<string, WriterStart>()
  const roleNames = new Map<string, RoleName>()
  const odd = new Map<string, number>()
  let positions: ReadonlyMap<string, ChainPosition> = new Map()
  let reading: Promise<unknown> = Promise.resolve()
  const readNew = async (): Promise<TrailSnapshot> => {
    const asOfMs = now()
    const found = await runThread(folder, positions)
    addTallies(tallies, found.tallies)
    positions = found.positions
    for (const [writer, start] of found.starts) starts.set(writer, start)
    for (const [code, { display, atMs }] of found.roleNames) addRoleName(roleNames, code, display, atMs)
    for (const [writer, count] of found.odd) odd.set(writer, (odd.get(writer) ?? 0) + count)
    return {
      tallies,
      asOfMs,
      sinceMs: toSince([...starts.values()]),
      roleNames,
      unreadableWriters: found.unreadableWriters,
      odd,
    }
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

/** The first event of all, but not before what retention has left of each writer. */
function toSince(starts: readonly WriterStart[]): number | null {
  if (starts.length === 0) return null
  const first = Math.min(...starts.map(({ atMs }) => atMs))
  return Math.max(first, ...starts.flatMap(({ atMs, isCut }) => (isCut ? [atMs] : [])))
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

/**
 * Reads the trail once in the background, `afterMs` from now, so that the first report need not wait for a year's
 * lines. Disposing forgets it if it has not begun.
 */
export function startTallying(
  tallies: TrailTallies,
  { afterMs = 1000 }: { readonly afterMs?: number } = {},
): Disposable {
  // Not at once: what starts has better to do. What fails is tried again by the first report, which says so.
  const timer = setTimeout(() => tallies.read().catch(() => {}), afterMs).unref()
  return { [Symbol.dispose]: () => clearTimeout(timer) }
}
