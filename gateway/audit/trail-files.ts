import { readdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
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

/** Whether a name can be a writer's: it names a folder, and FHIR ids. */
export function isWriter(name: string): boolean {
  return writerName.test(name)
}

/** Whether a folder in a trail's is a writer's: its name is one, and nothing but a chain's files is in it. */
export function isWriterFolder(folder: string, name: string): boolean {
  if (!isWriter(name)) return false
  const entries = readdirSync(folder, { withFileTypes: true }).some((one) => one.name === name && one.isDirectory()) ? readdirSync(toWriterFolder(folder, name)) : []
  return entries.includes('head') && entries.every((one) => one === 'head' || fileName.test(one))
}

/** Throws where a name cannot be a writer's. */
export function assertWriter(writer: string): void {
  if (!isWriter(writer)) throw new Error(`Audit writer: expected up to 40 of a-z, 0-9 and -, found ${JSON.stringify(writer)}`)
}

/** Where a writer's files are. */
export function toWriterFolder(folder: string, writer: string): string {
  return join(folder, writer)
}

/** Where a writer's head is. */
export function toHeadFile(folder: string, writer: string): string {
  return join(folder, writer, 'head')
}

/** The name of a file that begins with this event on this day; names sort as the chain goes. */
export function toTrailFile(folder: string, writer: string, firstSequence: number, day: string): TrailFile {
  return { path: join(folder, writer, `${String(firstSequence).padStart(12, '0')}-${day}.jsonl`), firstSequence, day }
}

/** The writers that a trail's folder holds, sorted by name; none where there is no folder. */
export async function listWriters(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(noneIfMissing)
  return entries.flatMap((one) => (one.isDirectory() && writerName.test(one.name) ? [one.name] : [])).sort()
}

/** A writer's files in the order of the chain. */
export async function listTrailFiles(folder: string, writer: string): Promise<readonly TrailFile[]> {
  const entries = await readdir(toWriterFolder(folder, writer), { withFileTypes: true }).catch(noneIfMissing)
  return entries.flatMap(({ name }) => toFile(join(folder, writer, name))).sort((a, b) => a.firstSequence - b.firstSequence)
}

function toFile(path: string): readonly TrailFile[] {
  const [, firstSequence, day] = fileName.exec(basename(path)) ?? []
  return firstSequence && day ? [{ path, firstSequence: Number(firstSequence), day }] : []
}

function noneIfMissing(cause: NodeJS.ErrnoException): [] {
  if (cause.code === 'ENOENT') return []
  throw cause
}
