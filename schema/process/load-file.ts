import { mkdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Unfit } from './start-refused.ts'

/** A file's bytes; throws Unfit with what was expected of it. */
export function loadFile(file: URL | string, expected: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new Unfit(expected, toFinding(cause, toPath(file)), { cause })
  }
}

/** A JSON file's value; throws Unfit with what was expected of it. */
export function loadJson(file: URL | string, expected: string): unknown {
  const text = loadFile(file, expected).toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    // Without the cause: it repeats the text, which may be a private key.
    throw new Unfit(expected, `no JSON in ${toPath(file)}`)
  }
}

/** Makes a folder that only we may read, where there is none; throws Unfit where that cannot be. */
export function ensureFolder(folder: string): string {
  const expected = 'a folder that can be written'
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new Unfit(expected, toFinding(cause, folder), { cause })
  }
  return folder
}

function toPath(file: URL | string): string {
  return file instanceof URL ? fileURLToPath(file) : file
}

function toFinding(cause: unknown, path: string): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'an error'
  if (code === 'ENOENT') return `no file ${path}`
  if (code === 'EISDIR') return `the folder ${path}`
  if (code === 'ENOTDIR' || code === 'EEXIST') return `a file in the place of the folder ${path}`
  return `${code} at ${path}`
}
