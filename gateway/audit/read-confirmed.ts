import { listTrailFiles, readLines, toHeadFile } from './trail-files.ts'
import { loadHead } from './trail-head.ts'

/** Where the next read of a writer's chain starts. */
export interface ChainPosition {
  /** The last file read, and the offset of its next line. */
  readonly path: string
  readonly offset: number
  /** Hash of the last event read. */
  readonly hash: string | null
}

/** Lines read from a writer's chain, and the position after them. */
export interface ConfirmedLines {
  /** The lines' JSON objects, without validation. */
  readonly values: readonly Readonly<Record<string, unknown>>[]
  /** Number of lines that are no JSON objects. */
  readonly odd: number
  readonly next: ChainPosition
}

/**
 * Yields the lines that a writer's head has confirmed since a position, in batches; null: since the beginning. Events
 * after the head may still be rolled back.
 */
export async function* readConfirmedEntries(
  folder: string,
  writer: string,
  from: ChainPosition | null,
): AsyncGenerator<ConfirmedLines> {
  const head = await loadHead(toHeadFile(folder, writer), writer, null)
  if (typeof head === 'string' || head.sequence === 0 || head.hash === from?.hash) return
  const files = await listTrailFiles(folder, writer)
  for (const { path } of files.filter((file) => from === null || file.path >= from.path)) {
    for await (const lines of readLines(path, from?.path === path ? from.offset : 0)) {
      const values: Readonly<Record<string, unknown>>[] = []
      let odd = 0
      let next: ChainPosition | null = null
      for (const { bytes, offset, ending } of lines) {
        if (ending === 'TORN') break
        const value = parse(bytes)
        if (value) values.push(value)
        else odd++
        next = { path, offset: offset + bytes.length + 1, hash: typeof value?.hash === 'string' ? value.hash : null }
        if (next.hash === head.hash) break
      }
      if (next) yield { values, odd, next }
      if (next?.hash === head.hash) return
    }
  }
}

function parse(bytes: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null
  } catch {
    return null
  }
}
