import { glob, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A path of the command line that names no file to import. */
export class PathNotFound extends Error {}

/**
 * The files that the paths name, in order and each once: a file itself, of a directory its .json and .ndjson files (not
 * those of its folders), of a glob pattern what it matches. Throws PathNotFound.
 */
export async function expandPaths(paths: readonly string[]): Promise<readonly string[]> {
  const files = new Set<string>()
  for (const path of paths) for (const file of await expandPath(path)) files.add(file)
  return [...files]
}

async function expandPath(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory()) {
    const names = (await readdir(path)).filter((name) => /\.(nd)?json$/.test(name)).sort()
    if (names.length === 0)
      throw new PathNotFound(`${path}: expected a folder with .json or .ndjson files, found none in it`)
    return names.map((name) => join(path, name))
  }
  if (found) return [path]
  const matches = /[*?[{]/.test(path) ? (await Array.fromAsync(glob(path))).sort() : []
  if (matches.length === 0)
    throw new PathNotFound(`${path}: expected a file, a folder or a pattern, found nothing there`)
  return matches
}
