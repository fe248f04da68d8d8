import { open, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** One file of a writer's chain. */
export interface TrailFile {
  readonly path: string
  /** Of the first event in it, by its name. */
  readonly firstSequence: number
  /** The UTC day on which it was begun, as 2026-11-22. */
  readonly day: string
}

const fileName = /^(\d{12})-(\d{4}-\d\d-\d\d)\.jsonl$/
const writerName = /^[a-z0-9][a-z0-9-]{0,39}$/

/** The writer of retention events; its files are never dropped. */
export const retentionWriter = 'retention'

/** The writer of the register, which says who writes on the trail; its files are never dropped. */
export const registerWriter = 'register'

/** Whether a name can be a writer's of events of access: those of the trail's own chains cannot. */
export function isAccessWriterName(name: string): boolean {
  return isWriterName(name) && name !== retentionWriter && name !== registerWriter
}

/** Whether a name can be a writer's: it names a folder, and FHIR ids. */
export function isWriterName(name: string): boolean {
  return writerName.test(name)
}

/** Whether a name in a writer's folder is one of a file of its chain. */
export function isTrailFileName(name: string): boolean {
  return fileName.test(name)
}

/** Throws where a name cannot be a writer's. */
export function assertWriterName(writer: string): void {
  if (!isWriterName(writer))
    throw new Error(`Audit writer: expected up to 40 of a-z, 0-9 and -, found ${JSON.stringify(writer)}`)
}

/** Where a writer's files are. */
export function toWriterFolder(folder: string, writer: string): string {
  return join(folder, writer)
}

/** Where a writer's head is. */
export function toHeadFile(folder: string, writer: string): string {
  return join(folder, writer, 'head')
}

/**
 * Where the register keeps a writer's head, as it was at the last minute or stop: a second word beside that in the
 * writer's folder.
 */
export function toRegisteredHeadFile(folder: string, writer: string): string {
  return join(folder, registerWriter, `${writer}.head`)
}

/** What is there while a process changes the register. */
export function toRegisterLock(folder: string): string {
  return join(folder, registerWriter, 'lock')
}

/** The name of a file that begins with this event on this day; names sort as the chain goes. */
export function toTrailFile(folder: string, writer: string, firstSequence: number, day: string): TrailFile {
  return { path: join(folder, writer, `${String(firstSequence).padStart(12, '0')}-${day}.jsonl`), firstSequence, day }
}

/** The writers that a trail's folder holds, sorted by name; none where there is no folder. */
export async function listWriters(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(noneIfMissing)
  return entries.flatMap((one) => (one.isDirectory() && isWriterName(one.name) ? [one.name] : [])).sort()
}

/** A writer's files in the order of the chain. */
export async function listTrailFiles(folder: string, writer: string): Promise<readonly TrailFile[]> {
  const entries = await readdir(toWriterFolder(folder, writer), { withFileTypes: true }).catch(noneIfMissing)
  return entries
    .flatMap(({ name }) => parseTrailFileName(join(folder, writer, name)))
    .sort((a, b) => a.firstSequence - b.firstSequence)
}

function parseTrailFileName(path: string): readonly TrailFile[] {
  const [, firstSequence, day] = fileName.exec(basename(path)) ?? []
  return firstSequence && day ? [{ path, firstSequence: Number(firstSequence), day }] : []
}

function noneIfMissing(cause: NodeJS.ErrnoException): [] {
  if (cause.code === 'ENOENT') return []
  throw cause
}

/** A line of a file, without its newline, where it starts, and whether it has one. */
export interface FileLine {
  readonly bytes: Buffer
  readonly offset: number
  readonly ending: 'WHOLE' | 'TORN'
}

// Small enough that a chunk of events keeps the event loop from others for less than a millisecond.
const chunkBytes = 1 << 17
const maxLineBytes = 1 << 24

/**
 * The lines of a file from an offset on, some at a time, in memory for no more than a chunk and a line; an overlong
 * line counts as torn and ends it.
 */
export async function* readLines(file: string, from = 0): AsyncGenerator<readonly FileLine[]> {
  const handle = await open(file)
  try {
    let rest = Buffer.alloc(0)
    let offset = from
    while (rest.length <= maxLineBytes) {
      const chunk = Buffer.allocUnsafe(chunkBytes)
      const { bytesRead } = await handle.read(chunk, 0, chunkBytes, offset + rest.length)
      if (bytesRead === 0) break
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk.subarray(0, bytesRead)]) : chunk.subarray(0, bytesRead)
      const lines: FileLine[] = []
      let start = 0
      for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
        lines.push({ bytes: bytes.subarray(start, end), offset: offset + start, ending: 'WHOLE' })
        start = end + 1
      }
      if (lines.length > 0) yield lines
      rest = bytes.subarray(start)
      offset += start
    }
    if (rest.length > 0) yield [{ bytes: rest, offset, ending: 'TORN' }]
  } finally {
    await handle.close()
  }
}

const newline = 0x0a
