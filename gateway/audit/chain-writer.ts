import type { Secrets } from '../../schema/secrets.ts'
import { AuditUnavailable } from './audit-unavailable.ts'
import { printLine, type WritableEvent } from './chain-line.ts'
import type { ChainPoint } from './chain-verifier.ts'
import { loadChainTail } from './load-chain-tail.ts'
import type { TrailDisk, TrailHandle } from './trail-disk.ts'
import { type TrailFile, toHeadFile, toRegisteredHeadFile, toTrailFile, toWriterFolder } from './trail-files.ts'
import { openHeadFile } from './trail-head.ts'

export interface ChainWriterOptions {
  readonly folder: string
  readonly writer: string
  /** The first secret seals. A head that another one sealed is sealed anew at once. */
  readonly secrets: Secrets
  readonly now: () => number
  readonly rotateBytes: number
  readonly disk: TrailDisk
  /** Whether the writer is in the trail's register; its head states so. @default false */
  readonly isRegistered?: boolean
  /** Heads recorded elsewhere, which the chain must have reached. @default none */
  readonly expected?: readonly ChainPoint[]
}

/** Appends to the files of one chain, one append at a time. */
export interface ChainWriter {
  /**
   * Resolves when the events are on disk and the head names the last. Throws AuditUnavailable, and then the chain is
   * unchanged.
   */
  append(events: readonly WritableEvent[]): Promise<void>
  /** The last event on disk. */
  readonly head: ChainPoint
  /**
   * Saves the current head in the register, and resolves when it is on disk. Does nothing if the writer is not
   * registered.
   */
  saveHeadToRegister(): Promise<void>
  close(): Promise<void>
}

interface OpenFile {
  readonly file: TrailFile
  readonly handle: TrailHandle
  /** Bytes that are certainly on disk. */
  bytes: number
}

/**
 * Opens a writer's chain at its end. An incomplete last write is removed and recorded in a RECOVERY event. Throws
 * AuditChainBroken.
 */
export async function createChainWriter(options: ChainWriterOptions): Promise<ChainWriter> {
  const { folder, writer, secrets, now, rotateBytes, disk, isRegistered = false, expected = [] } = options
  const writerFolder = toWriterFolder(folder, writer)
  await disk.makeFolder(writerFolder)
  const tail = await loadChainTail(folder, writer, secrets, expected)
  // The register stores the head before the head states that the writer is registered, so that a crash between the two
  // leaves the register's copy.
  const registeredHeadFile = isRegistered
    ? await openHeadFile({
        file: toRegisteredHeadFile(folder, writer),
        writer,
        secret: secrets[0],
        disk,
        head: tail.confirmed,
      })
    : null
  const toHead = ({ sequence, hash }: ChainPoint) => ({
    sequence,
    hash,
    ...(isRegistered ? { registered: true as const } : {}),
  })
  const headFile = await openHeadFile({
    file: toHeadFile(folder, writer),
    writer,
    secret: secrets[0],
    disk,
    head: toHead(tail.confirmed),
  })
  await disk.syncFolder(writerFolder)
  await disk.syncFolder(folder)

  let head = tail.last
  let current: OpenFile | null = tail.file && {
    file: tail.file.file,
    handle: await disk.open(tail.file.file.path, 'APPEND'),
    bytes: tail.file.bytes,
  }

  const rotate = async (day: string): Promise<OpenFile> => {
    if (current && (current.bytes === 0 || (day <= current.file.day && current.bytes < rotateBytes))) return current
    const file = toTrailFile(folder, writer, head.sequence + 1, day)
    const handle = await disk.open(file.path, 'CREATE').catch(throwUnavailable('NOW', 'the next file cannot be made.'))
    await disk
      .syncFolder(writerFolder)
      .catch(throwUnavailable('UNTIL_RESTART', 'it is not known whether the next file will last.'))
    await current?.handle.close()
    current = { file, handle, bytes: 0 }
    return current
  }

  const append = async (events: readonly WritableEvent[]) => {
    const time = new Date(now()).toISOString()
    const file = await rotate(time.slice(0, 10))
    if ((await file.handle.size().catch(throwUnavailable('NOW', 'its file cannot be looked at.'))) !== file.bytes) {
      throw new AuditUnavailable(
        'UNTIL_RESTART',
        'its file is not as this process left it; is there another process of the same writer?',
      )
    }
    let point = head
    let text = ''
    for (const event of events) {
      const sequence = point.sequence + 1
      const { line, hash } = printLine({ sequence, writer, time, previous: point.hash, event })
      point = { sequence, hash }
      text += line
    }
    const bytes = Buffer.from(text)
    try {
      await file.handle.write(bytes, file.bytes)
    } catch (cause) {
      await file.handle
        .truncate(file.bytes)
        .catch(() => throwUnavailable('UNTIL_RESTART', 'a part of a write could not be taken back.')(cause))
      throw new AuditUnavailable('NOW', 'writing failed.', { cause })
    }
    await file.handle.sync().catch(async (cause: unknown) => {
      // After a failed sync the system may have dropped dirty pages. Nothing may be appended to them, and a second sync
      // proves nothing.
      await file.handle.truncate(file.bytes).catch(() => {})
      throw new AuditUnavailable('UNTIL_RESTART', 'it is not known what is on disk.', { cause })
    })
    await headFile.write(toHead(point)).catch(throwUnavailable('UNTIL_RESTART', 'the head cannot be written.'))
    file.bytes += bytes.length
    head = point
  }

  if (tail.tornBytes) await current?.handle.truncate(current.bytes)
  const unconfirmed = tail.last.sequence - tail.confirmed.sequence
  if (tail.tornBytes || unconfirmed > 0)
    await append([
      { kind: 'RECOVERY', cutBytes: tail.tornBytes?.bytes ?? 0, cutHash: tail.tornBytes?.hash ?? null, unconfirmed },
    ])

  const noteHead = async () => {
    await registeredHeadFile?.write(head)
    await registeredHeadFile?.sync()
  }
  return {
    append,
    get head() {
      return head
    },
    saveHeadToRegister: noteHead,
    async close() {
      await headFile
        .sync()
        .finally(() => headFile.close())
        .finally(() => current?.handle.close())
      await noteHead().finally(() => registeredHeadFile?.close())
    },
  }
}

function throwUnavailable(lasts: AuditUnavailable['lasts'], reason: string) {
  return (cause: unknown): never => {
    throw new AuditUnavailable(lasts, reason, { cause })
  }
}
