import type { Secrets } from '../../schema/secrets.ts'
import { AuditUnavailable } from './audit-unavailable.ts'
import type { WritableEvent } from './chain-line.ts'
import type { ChainPoint } from './chain-verifier.ts'
import { createChainWriter } from './chain-writer.ts'
import { fileSystem, type TrailDisk } from './trail-disk.ts'
import { assertWriterName } from './trail-files.ts'

export interface AuditTrailOptions {
  /** Where the trail is kept; each writer has a folder of its own in it. */
  readonly folder: string
  /** This process's name, the same after a restart; no two processes at once have the same. */
  readonly writer: string
  /** The first seals the head, so that a cut tail is found; any may have sealed it before. Each at least 32 bytes, kept where the trail is not. */
  readonly secrets: Secrets
  readonly now?: () => number
  /** A file that has grown to this is followed by the next; a new UTC day begins one too. @default 64 MiB */
  readonly rotateBytes?: number
  /** The longest that a record waits for others to go with it, in milliseconds. @default 5 */
  readonly maxBatchDelayMs?: number
  /** How long it waits for as many as went in the last write, in milliseconds. @default 2 */
  readonly batchFillMs?: number
  /** @default the file system */
  readonly disk?: TrailDisk
  /** The writer is in the trail's register, which keeps its head too: see openAuditTrail. @default false */
  readonly isRegistered?: boolean
  /** Heads noted elsewhere, which the chain must have reached. @default none */
  readonly expected?: readonly ChainPoint[]
}

/** The audit trail of one gateway process. */
export interface AuditTrail {
  /** Resolves when all of the events are on disk, in this order and next to each other; rejects with AuditUnavailable when none of them counts. */
  record(events: readonly WritableEvent[]): Promise<void>
  /** Told how to ask how many requests are being answered: while more than wait for the trail, it may wait for those (gathering.ts). */
  setInFlight(onTheWay: () => number): void
  /** The folder of the trail, and the name under which this process writes there. */
  readonly folder: string
  readonly writer: string
  /** `FAILED`: nothing will be written until a restart, so the process should say that it is not ready. */
  readonly status: 'OPEN' | 'FAILED' | 'CLOSED'
  /** The last event on disk: worth a line in the log now and then, for `audit verify --expect`. It names no patient. */
  readonly head: ChainPoint
  /** Lets the register keep the head as it now is, where the writer is registered. */
  saveHeadToRegister(): Promise<void>
  /** Writes what was recorded, then refuses. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

interface PendingRecord {
  readonly events: readonly WritableEvent[]
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

const maxRotateBytes = 1 << 30

/**
 * Opens a writer's trail where it ended. Group commit: what is recorded while one write is on its way to the disk goes together in the
 * next, so that a hundred requests wait for one sync. Throws AuditChainBroken where the tail does not verify.
 */
export async function createAuditTrail(options: AuditTrailOptions): Promise<AuditTrail> {
  const {
    folder,
    writer,
    secrets,
    now = Date.now,
    rotateBytes = 64 << 20,
    maxBatchDelayMs: gatherMs = 5,
    batchFillMs: usualMs = 2,
    disk = fileSystem,
    isRegistered = false,
    expected = [],
  } = options
  assertWriterName(writer)
  const short = secrets.find(({ length }) => length < 32)
  if (short) throw new Error(`Audit secret: expected at least 32 bytes, found ${short.length}`)
  if (!(rotateBytes > 0 && rotateBytes <= maxRotateBytes))
    throw new Error(`Audit rotateBytes: expected 1 to ${maxRotateBytes}, found ${rotateBytes}`)
  const chain = await createChainWriter({ folder, writer, secrets, now, rotateBytes, disk, isRegistered, expected })
  let status: AuditTrail['status'] = 'OPEN'
  let pending: PendingRecord[] = []
  let committing: Promise<void> | null = null
  let closing: Promise<void> | null = null
  let lastBatchSize = 0
  let onTheWay = () => 0
  const groupCommit = new GroupCommit({
    maxBatchDelayMs: gatherMs,
    batchFillMs: usualMs,
    pendingCount: () => pending.length,
    inFlight: () => onTheWay(),
  })

  const commit = async (batch: readonly PendingRecord[]) => {
    try {
      if (status === 'FAILED') throw new AuditUnavailable('UNTIL_RESTART', 'an earlier write failed.')
      await chain.append(batch.flatMap(({ events }) => events))
      for (const { resolve } of batch) resolve()
    } catch (cause) {
      const unavailable =
        cause instanceof AuditUnavailable
          ? cause
          : new AuditUnavailable('UNTIL_RESTART', 'something unexpected happened.', { cause })
      if (unavailable.lasts === 'UNTIL_RESTART') status = 'FAILED'
      for (const { reject } of batch) reject(unavailable)
    }
  }
  const commitAll = async () => {
    // What is recorded in the same turn goes with it.
    await null
    while (pending.length > 0) {
      await groupCommit.waitForBatch(lastBatchSize)
      const batch = pending
      pending = []
      lastBatchSize = batch.length
      await commit(batch)
    }
    committing = null
  }
  const close = async () => {
    await committing
    await chain.close()
  }
  const closeOnce = () => {
    if (status === 'OPEN') status = 'CLOSED'
    groupCommit.close()
    closing ??= close()
    return closing
  }

  return {
    record(events) {
      if (status !== 'OPEN')
        return Promise.reject(
          new AuditUnavailable('UNTIL_RESTART', status === 'CLOSED' ? 'it is closed.' : 'an earlier write failed.'),
        )
      if (events.length === 0) return Promise.resolve()
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      pending.push({ events, resolve, reject })
      committing ??= commitAll()
      groupCommit.recordAdded()
      return promise
    },
    setInFlight(asked) {
      onTheWay = asked
    },
    folder,
    writer,
    get status() {
      return status
    },
    get head() {
      return chain.head
    },
    saveHeadToRegister: () => chain.saveHeadToRegister(),
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  }
}

export interface GroupCommitOptions {
  /** The longest that a record waits for others to go with it, in milliseconds. */
  readonly maxBatchDelayMs: number
  /** How long it waits for as many as went in the last write, in milliseconds. */
  readonly batchFillMs: number
  /** How many records wait to be written. */
  readonly pendingCount: () => number
  /** How many requests are being answered, those among them whose records wait. */
  readonly inFlight: () => number
}

/** After so many records in one write, the next write waits for more. */
const minRecordsToWait = 4
/** So many wait for no more. */
const maxRecordsToWait = 32

/**
 * Decides how long a write waits for more records to go with it. A sync costs as much processor time as an answer from the cache, and wakes two
 * threads: where requests come so thick that several wait for each, the first waits for as many as went the last time, whose clients ask again,
 * and for all that are being answered; for the latter beside requests that wait for a slow region, too. Where requests do not come so thick,
 * nobody waits.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions
  #endWait: (() => void) | null = null
  #expectedRecords = 0
  #isCheckScheduled = false
  #isClosed = false

  constructor(options: GroupCommitOptions) {
    this.#options = options
  }

  /** Resolves when what waits is to be written; the last write had so many records. */
  async waitForBatch(lastRecords: number): Promise<void> {
    const { pendingCount, maxBatchDelayMs: gatherMs, batchFillMs: usualMs } = this.#options
    if (this.#isClosed || lastRecords < minRecordsToWait || pendingCount() >= maxRecordsToWait) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#endWait = resolve
    this.#expectedRecords = Math.min(maxRecordsToWait, lastRecords)
    const ending = setTimeout(resolve, gatherMs)
    const expecting = setTimeout(() => {
      this.#expectedRecords = 0
      this.recordAdded()
    }, usualMs)
    this.recordAdded()
    await promise
    clearTimeout(ending)
    clearTimeout(expecting)
    this.#endWait = null
  }

  /** One more record waits. */
  recordAdded(): void {
    if (!this.#endWait || this.#isCheckScheduled || this.#options.pendingCount() < this.#expectedRecords) return
    this.#isCheckScheduled = true
    // In a round of the event loop others may have come.
    setImmediate(() => this.#checkBatch())
  }

  /** Nobody waits any longer. */
  close(): void {
    this.#isClosed = true
    this.#endWait?.()
  }

  #checkBatch(): void {
    this.#isCheckScheduled = false
    const { pendingCount: waiting, inFlight: onTheWay } = this.#options
    if (waiting() >= Math.min(maxRecordsToWait, onTheWay())) this.#endWait?.()
  }
}
