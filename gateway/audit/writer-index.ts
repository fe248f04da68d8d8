import { open } from 'node:fs/promises'
import { createNumberList } from './number-list.ts'
import { readLines } from './read-lines.ts'
import { type LinePlace, type ReadEntry, toReadEntry } from './salvage-entry.ts'
import { listTrailFiles, type TrailFile, toHeadFile } from './trail-files.ts'
import { loadHead } from './trail-head.ts'

/** What accesses are found by. */
export type AccessKey = 'patient' | 'person'

/** Told of an event that is not as it should be, and in what: names of fields, never what they say. */
export type OnOdd = (odd: { readonly writer: string; readonly sequence: number; readonly odd: string }) => void

/** Where one writer's events about a patient or by a person are. */
export interface WriterIndex {
  /** Takes in what the writer has confirmed since; not to be called while it runs. */
  refresh(): Promise<void>
  /** The sequence after the last event taken in. */
  readonly next: number
  /** Entries newest first, each with a sequence below `below`, read from disk one at a time; ends where retention has dropped them. */
  newestFirst(by: AccessKey, value: string, below: number): AsyncGenerator<ReadEntry>
}

/**
 * An index over one writer's chain. Each line has a position, and counts as the sequence that it has in a chain that is whole; each position holds where
 * its line starts (four bytes) and, for patient and for person, the position before it about the same one (four bytes each). Only the last are in maps.
 * An odd line has a position and perhaps no keys: it keeps no other from being found.
 */
export function createWriterIndex(folder: string, writer: string, onOdd: OnOdd): WriterIndex {
  const starts = createNumberList()
  const before = { patient: createNumberList(), person: createNumberList() }
  const newest: Readonly<Record<AccessKey, Map<string, number>>> = { patient: new Map(), person: new Map() }
  const read: { readonly file: TrailFile; readonly from: number; offset: number }[] = []
  let reached: string | null = null
  const next = () => (read[0]?.file.firstSequence ?? 1) + starts.length

  // Positions count from 1 in the lists, for 0 is none.
  const link = (by: AccessKey, value: string | null) => {
    before[by].push(value === null ? 0 : (newest[by].get(value) ?? 0))
    if (value !== null) newest[by].set(value, starts.length)
  }
  const begin = (file: TrailFile) => {
    const last = read.at(-1)
    if (last?.file.path === file.path) return last
    const begun = { file, from: starts.length + 1, offset: 0 }
    read.push(begun)
    return begun
  }

  return {
    get next() {
      return next()
    },
    async refresh() {
      const head = await loadHead(toHeadFile(folder, writer), writer, null)
      if (typeof head === 'string' || head.sequence === 0 || head.hash === reached) return
      const current = read.at(-1)?.file.path ?? ''
      for (const file of (await listTrailFiles(folder, writer)).filter(({ path }) => path >= current)) {
        const place = begin(file)
        for await (const lines of readLines(file.path, place.offset)) {
          for (const { bytes, offset, ending } of lines) {
            if (ending === 'TORN') break
            const sequence = next()
            // Only keys are looked at here; an entry that is shown is checked whole.
            const { hash, nhsNumber, person } = readKeys(bytes)
            starts.push(offset)
            link('patient', nhsNumber)
            link('person', person)
            if (hash === null) onOdd({ writer, sequence, odd: 'the line is no event' })
            place.offset = offset + bytes.length + 1
            reached = hash
            // What comes after the head may still be taken back.
            if (hash === head.hash) return
          }
        }
      }
    },
    async *newestFirst(by, value, below) {
      let position = newest[by].get(value) ?? 0
      while (position > 0) {
        const at = position
        const sequence = (read[0]?.file.firstSequence ?? 1) + at - 1
        const file = read.findLast(({ from }) => from <= at)?.file
        if (file && sequence < below) {
          const entry = await readEntry(file, starts.at(at - 1), { writer, sequence, time: `${file.day}T00:00:00.000Z` })
          if (!entry) return
          if (entry.odd !== null) onOdd({ writer, sequence, odd: entry.odd })
          yield { ...entry, sequence }
        }
        position = before[by].at(at - 1)
      }
    },
  }
}

interface LineKeys {
  readonly hash: string | null
  readonly nhsNumber: string | null
  readonly person: string | null
}

/** What a line is found by; null for what it does not say. */
function readKeys(bytes: Buffer): LineKeys {
  const line = toObject(parse(bytes))
  const event = toObject(line.event)
  return { hash: toText(line.hash), nhsNumber: toText(event.nhsNumber), person: toText(toObject(event.person).id) }
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

function toText(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** Null where the file is gone. */
async function readEntry(file: TrailFile, offset: number, place: LinePlace): Promise<ReadEntry | null> {
  const handle = await open(file.path).catch(nullIfMissing)
  if (!handle) return null
  try {
    for (let length = 4096; ; length *= 4) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset)
      const end = buffer.subarray(0, bytesRead).indexOf('\n')
      if (end !== -1) return toReadEntry(buffer.subarray(0, end), place)
      if (bytesRead < length) return toReadEntry(buffer.subarray(0, bytesRead), place)
    }
  } finally {
    await handle.close()
  }
}

function nullIfMissing(cause: NodeJS.ErrnoException): null {
  if (cause.code === 'ENOENT') return null
  throw cause
}
