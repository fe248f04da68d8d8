import { readLines } from './read-lines.ts'
import { listTrailFiles, toHeadFile } from './trail-files.ts'
import { loadHead } from './trail-head.ts'

/** Where reading a writer's chain goes on. */
export interface ChainPosition {
  /** Of the next event. */
  readonly sequence: number
  /** The file that was read last, and where its next line starts. */
  readonly path: string
  readonly offset: number
}

/** What was read of a writer's chain, and where it goes on. */
export interface ConfirmedLines {
  /** The lines' JSON values, not checked. */
  readonly values: readonly unknown[]
  readonly next: ChainPosition
}

/** What a writer has confirmed since a position (null: all that its files hold), some lines at a time; what is not in the head may still be taken back. Throws at a gap. */
export async function* readConfirmed(folder: string, writer: string, from: ChainPosition | null): AsyncGenerator<ConfirmedLines> {
  const head = await loadHead(toHeadFile(folder, writer), writer, null)
  if (typeof head === 'string') return
  const files = await listTrailFiles(folder, writer)
  let sequence = from?.sequence ?? files[0]?.firstSequence ?? 1
  for (const { path, firstSequence } of files) {
    const following = files.find((one) => one.firstSequence > firstSequence)
    if (following && following.firstSequence <= sequence) continue
    for await (const lines of readLines(path, from?.path === path ? from.offset : 0)) {
      const values: unknown[] = []
      let offset = 0
      for (const line of lines) {
        if (sequence > head.sequence) break
        const value = JSON.parse(line.bytes.toString('utf8'))
        if (value.sequence !== sequence) throw new Error(`${path}: expected sequence ${sequence}, found another; run audit verify`)
        values.push(value)
        offset = line.offset + line.bytes.length + 1
        sequence++
      }
      if (values.length > 0) yield { values, next: { sequence, path, offset } }
      if (sequence > head.sequence) return
    }
  }
}
