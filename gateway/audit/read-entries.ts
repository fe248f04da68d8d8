import { type SalvagedEntry, salvageEntry } from './salvage-entry.ts'
import { listTrailFiles, listWriters, readLines } from './trail-files.ts'

/** An entry and the path of its file. */
export type EntryInFile = SalvagedEntry & { readonly path: string }

/**
 * Yields every event of a trail in batches, writer by writer in chain order. Malformed events are read as far as
 * possible.
 */
export async function* readEntries(folder: string): AsyncGenerator<readonly EntryInFile[]> {
  for (const writer of await listWriters(folder)) {
    let sequence = 0
    for (const { path, firstSequence, day } of await listTrailFiles(folder, writer)) {
      let time = `${day}T00:00:00.000Z`
      sequence = Math.max(sequence, firstSequence - 1)
      for await (const lines of readLines(path)) {
        const entries: EntryInFile[] = []
        for (const { bytes, ending } of lines) {
          if (ending !== 'WHOLE') continue
          const entry = { ...salvageEntry(bytes, { writer, sequence: sequence + 1, time }), path }
          entries.push(entry)
          ;({ sequence, time } = entry)
        }
        yield entries
      }
    }
  }
}
