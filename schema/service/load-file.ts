import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { InvalidSetting } from './startup-error.ts'

/** Reads a file. Throws InvalidSetting with what was expected. */
export function loadFile(file: URL | string, expected: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new InvalidSetting(expected, describeFileError(cause, toPath(file)), { cause })
  }
}

/** Reads a JSON file. Throws InvalidSetting with what was expected. */
export function loadJson(file: URL | string, expected: string): unknown {
  const text = loadFile(file, expected).toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    // The cause is left out, because it quotes the text, which may be a private key.
    throw new InvalidSetting(expected, `no JSON in ${toPath(file)}`)
  }
}

function toPath(file: URL | string): string {
  return file instanceof URL ? fileURLToPath(file) : file
}

/** Whether an error is the operating system's: its `code` is an errno, such as EACCES. */
export function isSystemError(cause: unknown): cause is NodeJS.ErrnoException & { readonly code: string } {
  return cause instanceof Error && 'syscall' in cause && 'code' in cause
}

/** Describes a file system error in words. */
export function describeFileError(cause: unknown, path: string): string {
  const code = isSystemError(cause) ? cause.code : 'an error'
  if (code === 'ENOENT') return `no file ${path}`
  if (code === 'EISDIR') return `the folder ${path}`
  if (code === 'EACCES' || code === 'EPERM') return `${path}, which this user may not use (${code})`
  if (code === 'EROFS') return `${path} on a read-only file system`
  if (code === 'ELOOP') return `the symbolic link ${path}`
  if (code === 'ENOTDIR' || code === 'EEXIST') return `a file in the place of the folder ${path}`
  return `${code} at ${path}`
}
