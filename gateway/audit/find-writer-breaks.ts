import type { Secrets } from '../../schema/secrets.ts'
import type { ChainBreak } from './chain-break.ts'
import {
  isAccessWriterName,
  listTrailFiles,
  listWriters,
  registerWriter,
  retentionWriter,
  toHeadFile,
  toWriterFolder,
} from './trail-files.ts'
import { type ConfirmedHead, loadHead } from './trail-head.ts'
import type { WriterRegister } from './writer-register.ts'

/**
 * Finds registered writers that are missing, writers that are not registered, and a missing register. Returns the
 * breaks by writer.
 */
export async function findWriterBreaks(
  folder: string,
  { writers, isPresent }: WriterRegister,
  secrets: Secrets | null,
): Promise<ReadonlyMap<string, ChainBreak>> {
  const breaks = new Map<string, ChainBreak>()
  const there = (await listWriters(folder)).filter((writer) => writer !== registerWriter)
  const note = (writer: string, reason: ChainBreak['reason'], explanation: string) =>
    breaks.set(writer, { reason, file: toWriterFolder(folder, writer), line: null, sequence: null, explanation })
  for (const [writer, { retired }] of writers) {
    if (!retired && !there.includes(writer))
      note(writer, 'WRITER_MISSING', 'the writer is registered, and its folder is not there.')
  }
  for (const writer of there) {
    if (writers.has(writer)) continue
    const head = await loadHead(toHeadFile(folder, writer), writer, secrets)
    if (isPresent && !(await isJustBegun(folder, writer, head)))
      note(writer, 'NOT_REGISTERED', 'the writer is not in the register.')
    if (!isPresent && typeof head !== 'string' && head.registered && head.sequence > 0)
      note(writer, 'REGISTER_MISSING', 'its head says that the writer is registered, and there is no register.')
  }
  return breaks
}

/** A writer creates its folder before it registers, and writes no event before. */
async function isJustBegun(
  folder: string,
  writer: string,
  head: ConfirmedHead | 'MISSING' | 'CHANGED',
): Promise<boolean> {
  return (
    (isAccessWriterName(writer) || writer === retentionWriter) &&
    (head === 'MISSING' || (head !== 'CHANGED' && head.sequence === 0)) &&
    (await listTrailFiles(folder, writer)).length === 0
  )
}
