import { open } from 'node:fs/promises'
import { type LinePosition, type SalvagedEntry, salvageEntry } from './salvage-entry.ts'
import { listTrailFiles, readLines, type TrailFile, toHeadFile } from './trail-files.ts'
import { loadHead } from './trail-head.ts'

/** What accesses are found by. */
export type AccessKey = 'patient' | 'person'

/** Told of an event that is not as it should be, and in what: names of fields, never what they say. */
export type OnOddEntry = (odd: { readonly writer: string; readonly sequence: number; readonly odd: string }) => void

/** Where one writer's events about a patient or by a person are. */
export interface WriterIndex {
  /** Takes in what the writer has confirmed since; not to be called while it runs. */
  refresh(): Promise<void>
  /** The sequence after the last event taken in. */
  readonly nextSequence: number
  /**
   * Entries newest first, each with a sequence below `below`, read from disk one at a time; ends where retention has
   * dropped them.
   */
  readNewestFirst(by: AccessKey, value: string, below: number): AsyncGenerator<SalvagedEntry>
}

/**
 * An index over one writer's chain. Each line has a position, and counts as the sequence that it has in a chain that is
 * whole; each position holds where its line starts (four bytes) and, for patient and for person, the position before it
 * about the same one (four bytes each). Only the last are in maps. An odd line has a position and perhaps no keys: it
 * keeps no other from being found.
 */
export function createWriterIndex(folder: string, writer: string, onOddEntry: OnOddEntry): WriterIndex {
  const lineOffsets = createUint32List()
  const previousPositions = { patient: createUint32List(), person: createUint32List() }
  const latestPositions: Readonly<Record<AccessKey, Map<string, number>>> = { patient: new Map(), person: new Map() }
  const files: { readonly file: TrailFile; readonly from: number; offset: number }[] = []
  let lastHash: string | null = null
  const next = () => (files[0]?.file.firstSequence ?? 1) + lineOffsets.length

  // Positions count from 1 in the lists, for 0 is none.
  const addKey = (by: AccessKey, value: string | null) => {
    previousPositions[by].push(value === null ? 0 : (latestPositions[by].get(value) ?? 0))
    if (value !== null) latestPositions[by].set(value, lineOffsets.length)
  }
  const openFile = (file: TrailFile) => {
    const last = files.at(-1)
    if (last?.file.path === file.path) return last
    const begun = { file, from: lineOffsets.length + 1, offset: 0 }
    files.push(begun)
    return begun
  }

  return {
    get nextSequence() {
      return next()
    },
    async refresh() {
      const head = await loadHead(toHeadFile(folder, writer), writer, null)
      if (typeof head === 'string' || head.sequence === 0 || head.hash === lastHash) return
      const current = files.at(-1)?.file.path ?? ''
      for (const file of (await listTrailFiles(folder, writer)).filter(({ path }) => path >= current)) {
        const place = openFile(file)
        for await (const lines of readLines(file.path, place.offset)) {
          for (const { bytes, offset, ending } of lines) {
            if (ending === 'TORN') break
            const sequence = next()
            // Only keys are looked at here; an entry that is shown is checked whole.
            const { hash, nhsNumber, person } = readKeys(bytes)
            lineOffsets.push(offset)
            addKey('patient', nhsNumber)
            addKey('person', person)
            if (hash === null) onOddEntry({ writer, sequence, odd: 'the line is no event' })
            place.offset = offset + bytes.length + 1
            lastHash = hash
            // What comes after the head may still be taken back.
            if (hash === head.hash) return
          }
        }
      }
    },
    async *readNewestFirst(by, value, below) {
      let position = latestPositions[by].get(value) ?? 0
      while (position > 0) {
        const at = position
        const sequence = (files[0]?.file.firstSequence ?? 1) + at - 1
        const file = files.findLast(({ from }) => from <= at)?.file
        if (file && sequence < below) {
          const entry = await readEntry(file, lineOffsets.at(at - 1), {
            writer,
            sequence,
            time: `${file.day}T00:00:00.000Z`,
          })
          if (!entry) return
          if (entry.odd !== null) onOddEntry({ writer, sequence, odd: entry.odd })
          yield { ...entry, sequence }
        }
        position = previousPositions[by].at(at - 1)
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
async function readEntry(file: TrailFile, offset: number, place: LinePosition): Promise<SalvagedEntry | null> {
  const handle = await open(file.path).catch(nullIfMissing)
  if (!handle) return null
  try {
    for (let length = 4096; ; length *= 4) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset)
      const end = buffer.subarray(0, bytesRead).indexOf('\n')
      if (end !== -1) return salvageEntry(buffer.subarray(0, end), place)
      if (bytesRead < length) return salvageEntry(buffer.subarray(0, bytesRead), place)
    }
  } finally {
    await handle.close()
  }
}

function nullIfMissing(cause: NodeJS.ErrnoException): null {
  if (cause.code === 'ENOENT') return null
  throw cause
}

/** Unsigned 32-bit numbers by position, four bytes each, growing without copying. */
export interface Uint32List {
  push(value: number): void
  /** 0 where there is none. */
  at(position: number): number
  readonly length: number
}

const chunkLength = 1 << 16

export function createUint32List(): Uint32List {
  const chunks: Uint32Array[] = []
  let length = 0
  return {
    push(value) {
      if (length % chunkLength === 0) chunks.push(new Uint32Array(chunkLength))
      const chunk = chunks.at(-1)
      if (chunk) chunk[length % chunkLength] = value
      length++
    },
    at: (position) => chunks[Math.floor(position / chunkLength)]?.[position % chunkLength] ?? 0,
    get length() {
      return length
    },
  }
}
