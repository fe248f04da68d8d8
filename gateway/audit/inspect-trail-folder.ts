import { readdirSync } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChainBreak } from './chain-break.ts'
import { isTrailFileName, isWriterName, registerWriter, toWriterFolder } from './trail-files.ts'

/**
 * A file, folder or link in a trail that no writer creates. `writer` is the name of the trail folder's entry that it is
 * or is in.
 */
export interface FolderFault {
  readonly writer: string
  readonly break: ChainBreak
}

// The file system creates this folder if the trail's folder is the root of a volume.
const lostAndFound = 'lost+found'

/** Returns whether a folder contains a head and otherwise only files of its chain. */
export function isWriterFolder(folder: string, name: string): boolean {
  if (
    !isWriterName(name) ||
    !readdirSync(folder, { withFileTypes: true }).some((one) => one.name === name && one.isDirectory())
  )
    return false
  const names = readdirSync(toWriterFolder(folder, name))
  return names.includes('head') && names.every((one) => isTrailEntryName(one, name))
}

/**
 * Finds every link, and every entry that is no writer's folder, chain file or head. A link proves nothing about the
 * files stored here. The trail's own folder may be reached by a link.
 */
export async function inspectTrailFolder(folder: string): Promise<readonly FolderFault[]> {
  const faults: FolderFault[] = []
  for (const name of await listNames(folder)) {
    const path = join(folder, name)
    const stats = await lstat(path)
    if (name === lostAndFound && stats.isDirectory()) continue
    if (stats.isSymbolicLink()) faults.push({ writer: name, break: toBreak('LINKED', path) })
    else if (!stats.isDirectory() || !isWriterName(name)) faults.push({ writer: name, break: toBreak('FOREIGN', path) })
    else faults.push(...(await inspectWriterFolder(path, name)))
  }
  return faults
}

async function inspectWriterFolder(folder: string, writer: string): Promise<readonly FolderFault[]> {
  const faults: FolderFault[] = []
  for (const name of await listNames(folder)) {
    const path = join(folder, name)
    // An entry that has disappeared was a lock, or a file removed by retention.
    const stats = await lstat(path).catch(nothingIfMissing)
    if (!stats) continue
    if (stats.isSymbolicLink() || (stats.isFile() && stats.nlink > 1))
      faults.push({ writer, break: toBreak('LINKED', path) })
    else if (!stats.isFile() || !isTrailEntryName(name, writer))
      faults.push({ writer, break: toBreak('FOREIGN', path) })
  }
  return faults
}

function isTrailEntryName(name: string, writer: string): boolean {
  if (name === 'head' || isTrailFileName(name)) return true
  return (
    writer === registerWriter &&
    (name === 'lock' || (name.endsWith('.head') && isWriterName(name.slice(0, -'.head'.length))))
  )
}

const explanations = {
  LINKED: 'a link is among the audit files.',
  FOREIGN: 'it is among the audit files, and no writer made it.',
} as const

function toBreak(reason: keyof typeof explanations, file: string): ChainBreak {
  return { reason, file, line: null, sequence: null, explanation: explanations[reason] }
}

async function listNames(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(nothingIfMissing)
  return (names ?? []).sort()
}

function nothingIfMissing(cause: NodeJS.ErrnoException): null {
  if (cause.code === 'ENOENT') return null
  throw cause
}
