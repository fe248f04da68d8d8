import { type TrailEntry, toTrailEntry } from './audit-event.ts'
import { readLine } from './chain-line.ts'
import { readLines } from './read-lines.ts'
import { listTrailFiles, listWriters } from './trail-files.ts'

/** Every event of a trail, some at a time, writer by writer in the order of each chain; throws at a line that is not as it was written. */
export async function* readEntries(folder: string): AsyncGenerator<readonly TrailEntry[]> {
  for (const writer of await listWriters(folder)) {
    for (const { path } of await listTrailFiles(folder, writer)) {
      for await (const lines of readLines(path)) {
        yield lines.flatMap(({ bytes, ending }) => (ending === 'WHOLE' ? [toEntry(bytes, path)] : []))
      }
    }
  }
}

/** The entry in a line; throws where the line was changed. */
export function toEntry(bytes: Buffer, path: string): TrailEntry {
  const link = readLine(bytes)
  if (link?.integrity !== 'INTACT') throw new Error(`${path}: expected events as they were written, found one changed; run audit verify`)
  const { integrity: _, ...value } = link
  return toTrailEntry(value)
}
