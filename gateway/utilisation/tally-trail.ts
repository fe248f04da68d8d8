import type { TrailEntry } from '../audit/audit-event.ts'
import { type ChainPosition, readConfirmed } from '../audit/read-confirmed.ts'
import { listWriters } from '../audit/trail-files.ts'
import type { DayTallies } from './day-tallies.ts'
import { createEventTally } from './tally-events.ts'

/** What was recorded on a trail since the positions, and where each writer's chain goes on. */
export interface TrailTally {
  readonly tallies: DayTallies
  readonly positions: ReadonlyMap<string, ChainPosition>
}

/** Adds up what every writer of a trail has confirmed since these positions. One record is confirmed whole, so no look is cut in two. */
export async function tallyTrail(folder: string, positions: ReadonlyMap<string, ChainPosition>): Promise<TrailTally> {
  const tallies: DayTallies = new Map()
  const reached = new Map(positions)
  for (const writer of await listWriters(folder)) {
    const tally = createEventTally(tallies)
    for await (const { values, next } of readConfirmed(folder, writer, positions.get(writer) ?? null)) {
      for (const value of values) tally.add(value as TrailEntry)
      reached.set(writer, next)
    }
    tally.end()
  }
  return { tallies, positions: reached }
}
