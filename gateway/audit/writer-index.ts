import { open } from 'node:fs/promises'
import type { AuditEvent, TrailEntry } from './audit-event.ts'
import { createNumberList } from './number-list.ts'
import { toEntry } from './read-entries.ts'
import { readLines } from './read-lines.ts'
import { listTrailFiles, type TrailFile, toHeadFile } from './trail-files.ts'
import { loadHead } from './trail-head.ts'

/** What accesses are found by. */
export type AccessKey = 'patient' | 'person'

/** Where one writer's events about a patient or by a person are. */
export interface WriterIndex {
  /** Takes in what the writer has confirmed since; not to be called while it runs. */
  refresh(): Promise<void>
  /** The sequence after the last event taken in. */
  readonly next: number
  /** Entries newest first, each with a sequence below `below`, read from disk one at a time; ends where retention has dropped them. */
  newestFirst(by: AccessKey, value: string, below: number): AsyncGenerator<TrailEntry>
}

/**
 * An index over one writer's chain. Sequences are dense, so an event is a position; each position holds where its line starts (four
 * bytes) and, for patient and for person, the position before it about the same one (four bytes each). Only the last positions are in maps.
 */
export function createWriterIndex(folder: string, writer: string): WriterIndex {
  const starts = createNumberList()
  const before = { patient: createNumberList(), person: createNumberList() }
  const newest: Readonly<Record<AccessKey, Map<string, number>>> = { patient: new Map(), person: new Map() }
  let files: readonly TrailFile[] = []
  let base: number | null = null
  let at: { readonly path: string; offset: number } | null = null
  const next = () => (base ?? 1) + starts.length

  // Positions count from 1 in the lists, for 0 is none.
  const link = (by: AccessKey, value: string | null) => {
    before[by].push(value === null ? 0 : (newest[by].get(value) ?? 0))
    if (value !== null) newest[by].set(value, starts.length)
  }
  const take = (bytes: Buffer, offset: number, path: string) => {
    // Only keys are looked at here; an entry that is shown is checked whole.
    const { sequence, event } = JSON.parse(bytes.toString('utf8')) as { readonly sequence: number; readonly event: AuditEvent }
    base ??= sequence
    if (sequence !== next()) throw new Error(`${path}: expected sequence ${next()}, found ${sequence}; run audit verify`)
    starts.push(offset)
    link('patient', 'nhsNumber' in event ? event.nhsNumber : null)
    link('person', 'person' in event ? event.person.id : null)
  }

  return {
    get next() {
      return next()
    },
    async refresh() {
      const head = await loadHead(toHeadFile(folder, writer), writer, null)
      if (typeof head === 'string' || head.sequence < next()) return
      files = await listTrailFiles(folder, writer)
      for (const { path } of files.slice(Math.max(0, findFile(files, next())))) {
        const place = at?.path === path ? at : { path, offset: 0 }
        at = place
        for await (const lines of readLines(path, place.offset)) {
          for (const { bytes, offset } of lines) {
            // What is not in the head may still be taken back.
            if (next() > head.sequence) return
            take(bytes, offset, path)
            place.offset = offset + bytes.length + 1
          }
        }
      }
    },
    async *newestFirst(by, value, below) {
      let position = newest[by].get(value) ?? 0
      while (position > 0) {
        const sequence = (base ?? 1) + position - 1
        if (sequence < below) {
          const entry = await readEntry(files[findFile(files, sequence)], starts.at(position - 1))
          if (!entry) return
          yield entry
        }
        position = before[by].at(position - 1)
      }
    },
  }
}

/** The index of the file that holds a sequence; -1 where none does. */
function findFile(files: readonly TrailFile[], sequence: number): number {
  return files.findLastIndex(({ firstSequence }) => firstSequence <= sequence)
}

/** Null where the file is gone. */
async function readEntry(file: TrailFile | undefined, offset: number): Promise<TrailEntry | null> {
  const handle = file && (await open(file.path).catch(nullIfMissing))
  if (!file || !handle) return null
  try {
    for (let length = 4096; ; length *= 4) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset)
      const end = buffer.subarray(0, bytesRead).indexOf('\n')
      if (end !== -1) return toEntry(buffer.subarray(0, end), file.path)
      if (bytesRead < length) throw new Error(`${file.path}: expected an event, found the end; run audit verify`)
    }
  } finally {
    await handle.close()
  }
}

function nullIfMissing(cause: NodeJS.ErrnoException): null {
  if (cause.code === 'ENOENT') return null
  throw cause
}
