import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { describeFileError } from './load-file.ts'
import { InvalidSetting } from './startup-error.ts'

// This is the only module that creates files and folders, because it makes them for their owner alone, whatever the
// umask (test/contracts/architecture.test.ts).

const folderMode = 0o700
const fileMode = 0o600
const writable = 'a folder that can be written'
const ownFolder = "a folder of this program's own"

/**
 * How a file is opened: `append` to its end, `create` a new one, `update` at any position. `append` and `update` create
 * a missing file.
 */
export type OpenMode = 'append' | 'create' | 'update'

const flagsOf: Readonly<Record<OpenMode, number>> = {
  append: constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND,
  create: constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL,
  update: constants.O_RDWR | constants.O_CREAT,
}

/**
 * Opens a file with mode 0600, existing files included. Throws ELOOP for a symbolic link, because it may lead to
 * another user's file.
 */
export function openPrivateFile(file: string, mode: OpenMode): number {
  const descriptor = openSync(file, flagsOf[mode] | constants.O_NOFOLLOW, fileMode)
  if ((fstatSync(descriptor).mode & 0o777) !== fileMode) fchmodSync(descriptor, fileMode)
  return descriptor
}

/** Opens a file as openPrivateFile does, asynchronously, as a handle of node:fs/promises. */
export async function openPrivateHandle(file: string, mode: OpenMode): Promise<FileHandle> {
  const handle = await open(file, flagsOf[mode] | constants.O_NOFOLLOW, fileMode)
  if (((await handle.stat()).mode & 0o777) !== fileMode) await handle.chmod(fileMode)
  return handle
}

/**
 * Ensures that a file exists with mode 0600, for a library that opens files by name. Throws the operating system's
 * error.
 */
export function ensurePrivateFile(file: string): void {
  closeSync(openPrivateFile(file, 'append'))
}

/** Writes a new file. Throws EEXIST if there is one, which stays as it is. */
export function writeNewFile(file: string, content: string | Uint8Array): void {
  const descriptor = openPrivateFile(file, 'create')
  try {
    writeWhole(descriptor, content)
  } finally {
    closeSync(descriptor)
  }
}

/** Replaces a file atomically: readers see the former content or the new one. */
export function replaceFile(file: string, content: string): void {
  const next = `${file}.${process.pid}.next`
  rmSync(next, { force: true })
  writeNewFile(next, content)
  renameSync(next, file)
}

/** Creates a folder and its missing parents for their owner alone. Throws InvalidSetting if it is not writable. */
export function ensureFolder(folder: string): string {
  try {
    makeFolders(resolve(folder))
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new InvalidSetting(writable, describeFileError(cause, folder), { cause })
  }
  return folder
}

/** `recursive` is not used, because Node 26 never returns from it where mkdir fails with ENOENT, as in /proc. */
function makeFolders(folder: string): void {
  const above = dirname(folder)
  if (above !== folder && !existsSync(above)) makeFolders(above)
  try {
    mkdirSync(folder, { mode: folderMode })
  } catch (cause) {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw cause
  }
}

/**
 * Creates a folder if it is missing, and closes it and every entry that `isOurs` accepts to other users (0700 and
 * 0600). Throws InvalidSetting for a symbolic link in it, and for an open folder that is another user's, sticky, or
 * holds other entries, because a mistyped name must not close a system folder.
 */
export function ensurePrivateFolder(folder: string, isOurs: (name: string) => boolean): string {
  ensureFolder(folder)
  try {
    const names = readdirSync(folder)
    const other = names.find((name) => !isOurs(name))
    // The folder itself may be a link, because the operator chooses the disk.
    const stats = statSync(folder)
    if ((stats.mode & othersBits) !== 0) {
      if (isShared(stats) || other !== undefined || dirname(resolve(folder)) === resolve(folder)) {
        const finding = other === undefined ? "is not this user's" : `holds ${JSON.stringify(other)}`
        throw new InvalidSetting(
          ownFolder,
          `${folder}, which is open to other users (mode ${toOctal(stats)}) and ${finding}; name a new one, or chmod 700 it`,
        )
      }
      chmodSync(folder, folderMode)
    }
    for (const name of names.filter(isOurs)) tighten(join(folder, name))
  } catch (cause) {
    throw cause instanceof InvalidSetting
      ? cause
      : new InvalidSetting(ownFolder, describeFileError(cause, folder), { cause })
  }
  return folder
}

/**
 * Ensures a data folder (DATA_DIR): a folder of databases for each region, `audit`, `keys`, `logs`, `compile-cache`.
 * Throws InvalidSetting.
 */
export function ensureDataFolder(folder: string): string {
  return ensurePrivateFolder(folder, (name) => ownNames.has(name) || existsSync(join(folder, name, 'records.sqlite')))
}

const ownNames = new Set(['audit', 'compile-cache', 'keys', 'logs'])
const othersBits = 0o077
const stickyBit = 0o1000

function isShared({ mode, uid }: Stats): boolean {
  return (mode & stickyBit) !== 0 || (uid !== process.getuid?.() && process.getuid?.() !== 0)
}

function tighten(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  // Another process may just have removed the entry.
  if (!stats) return
  if (stats.isSymbolicLink()) throw new InvalidSetting('files and folders, no links', `the symbolic link ${path}`)
  const allowed = stats.isDirectory() ? folderMode : fileMode
  if ((stats.mode & 0o7777 & ~allowed) !== 0) change(path, stats, stats.mode & allowed)
  if (stats.isDirectory()) for (const name of readdirSync(path)) tighten(join(path, name))
}

function change(path: string, stats: Stats, mode: number): void {
  try {
    chmodSync(path, mode)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return
    throw new InvalidSetting(
      'files for this user alone',
      `${path} of another user (uid ${stats.uid}), open to others (mode ${toOctal(stats)})`,
      { cause },
    )
  }
}

function toOctal({ mode }: Stats): string {
  return (mode & 0o7777).toString(8)
}

function writeWhole(descriptor: number, content: string | Uint8Array): void {
  const bytes = Buffer.from(content)
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done)
  fsyncSync(descriptor)
}
