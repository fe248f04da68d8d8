import { unlink } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Secrets } from '../../schema/secrets.ts'
import { StartupError } from '../../schema/service/startup-error.ts'
import type { RetentionEvent } from './audit-event.ts'
import { createAuditTrail } from './audit-trail.ts'
import { type ParsedLink, parseLine } from './chain-line.ts'
import { openAuditTrail } from './open-audit-trail.ts'
import { fileSystem } from './trail-disk.ts'
import {
  listTrailFiles,
  listWriters,
  readLines,
  registerWriter,
  retentionWriter,
  type TrailFile,
  toWriterFolder,
} from './trail-files.ts'
import { loadRegister } from './writer-register.ts'

export interface PruneTrailOptions {
  readonly folder: string
  readonly secrets: Secrets
  /** Files whose last event is older are removed. */
  readonly keptYears: number
  readonly now?: () => number
}

type PrunedFiles = RetentionEvent['dropped'][number] & { readonly path: string }

/**
 * Removes whole files beyond retention, but never a writer's newest, whether the writer runs or not. First it writes
 * the hash of each file's last event to a chain of its own, so that the rest of the chain still verifies. Returns the
 * removed files, by writer.
 */
export async function pruneTrail({
  folder,
  secrets,
  keptYears,
  now = Date.now,
}: PruneTrailOptions): Promise<readonly RetentionEvent[]> {
  const before = new Date(now())
  before.setUTCFullYear(before.getUTCFullYear() - keptYears)
  const events: RetentionEvent[] = []
  const { isPresent } = await loadRegister(folder, secrets)
  // The gateway registers a trail that is older than the register as a whole, so pruning does not.
  const openRetention = isPresent ? openAuditTrail : createAuditTrail
  for (const writer of await listWriters(folder)) {
    if (writer === retentionWriter || writer === registerWriter) continue
    const expired = await findExpired(await listTrailFiles(folder, writer), before.toISOString())
    if (expired.length === 0) continue
    const event: RetentionEvent = {
      kind: 'RETENTION',
      writer,
      keptYears,
      dropped: expired.map(({ path: _, ...dropped }) => dropped),
    }
    await using trail = await openRetention({ folder, writer: retentionWriter, secrets, now })
    await trail.record([event])
    // The oldest file goes first, so that an interruption leaves a chain that starts after a recorded event.
    for (const { path } of expired) await unlink(path)
    await fileSystem.syncFolder(toWriterFolder(folder, writer))
    events.push(event)
  }
  return events
}

async function findExpired(files: readonly TrailFile[], before: string): Promise<readonly PrunedFiles[]> {
  const expired: PrunedFiles[] = []
  for (const [index, { path }] of files.entries()) {
    const next = files[index + 1]
    if (!next) break
    const last = await readLast(path)
    if (!last || last.time >= before) break
    const following = await readFirst(next.path)
    if (following?.previous !== last.hash)
      throw new StartupError(`${path}: expected the next file to go on with its chain; run audit verify`)
    expired.push({ path, file: basename(path), sequence: last.sequence, hash: last.hash, time: last.time })
  }
  return expired
}

async function readFirst(path: string): Promise<ParsedLink | null> {
  for await (const [first] of readLines(path)) return first ? parseLine(first.bytes) : null
  return null
}

async function readLast(path: string): Promise<ParsedLink | null> {
  let last: Buffer | null = null
  for await (const lines of readLines(path)) last = lines.at(-1)?.bytes ?? last
  return last && parseLine(last)
}
