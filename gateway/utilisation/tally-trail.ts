import type { TrailEntry } from '../audit/audit-event.ts'
import { type ChainPosition, readConfirmedEntries } from '../audit/read-confirmed.ts'
import { listTrailFiles, listWriters, registerWriter, retentionWriter, toHeadFile } from '../audit/trail-files.ts'
import { loadHead } from '../audit/trail-head.ts'
import type { DayTallies } from './day-tallies.ts'
import { createEventTally, type RoleName } from './tally-events.ts'

const maintenanceWriters: ReadonlySet<string> = new Set([registerWriter, retentionWriter])

/** What was recorded on a trail since the positions, and where each writer's chain goes on. */
export interface TrailTally {
  readonly tallies: DayTallies
  readonly positions: ReadonlyMap<string, ChainPosition>
  /** Of each writer that is read for the first time, when its first event was. */
  readonly starts: ReadonlyMap<string, WriterStart>
  /** Of each role by code, the most recent. */
  readonly roleNames: ReadonlyMap<string, RoleName>
  /**
   * Writers whose head is missing or damaged: how much of their files is confirmed is not known, so none is counted.
   */
  readonly unreadableWriters: readonly string[]
  /** How many events of each writer could not be read or counted, where there are any. */
  readonly odd: ReadonlyMap<string, number>
}

export interface WriterStart {
  readonly atMs: number
  /** Retention has dropped what this writer recorded before. */
  readonly isCut: boolean
}

/**
 * Adds up what every writer of a trail has confirmed since these positions. One record is confirmed whole, so no look
 * is cut in two.
 */
export async function tallyTrail(folder: string, positions: ReadonlyMap<string, ChainPosition>): Promise<TrailTally> {
  const tallies: DayTallies = new Map()
  const reached = new Map(positions)
  const starts = new Map<string, WriterStart>()
  const unread: string[] = []
  const odd = new Map<string, number>()
  const roleNames = new Map<string, RoleName>()
  for (const writer of await listWriters(folder)) {
    if (await isUnreadable(folder, writer)) {
      unread.push(writer)
      continue
    }
    const tally = createEventTally(tallies, roleNames)
    for await (const { values, odd: oddLines, next } of readConfirmedEntries(
      folder,
      writer,
      positions.get(writer) ?? null,
    )) {
      const entries = values as unknown as readonly TrailEntry[]
      let oddEvents = oddLines
      const first = entries.find(({ time }) => !Number.isNaN(Date.parse(time)))
      // The trail's own events are never pruned, and say nothing about when views happen.
      if (first && !reached.has(writer) && !maintenanceWriters.has(writer))
        starts.set(writer, { atMs: Date.parse(first.time), isCut: first.sequence > 1 })
      for (const entry of entries) {
        try {
          tally.add(entry)
        } catch {
          // A malformed event does not stop the count of the others.
          oddEvents++
        }
      }
      if (oddEvents > 0) odd.set(writer, (odd.get(writer) ?? 0) + oddEvents)
      reached.set(writer, next)
    }
    tally.finish()
  }
  return { tallies, positions: reached, starts, roleNames, unreadableWriters: unread, odd }
}

/** A writer that was begun and recorded nothing has neither a head nor a file. */
async function isUnreadable(folder: string, writer: string): Promise<boolean> {
  const head = await loadHead(toHeadFile(folder, writer), writer, null)
  return typeof head === 'string' && (await listTrailFiles(folder, writer)).length > 0
}
