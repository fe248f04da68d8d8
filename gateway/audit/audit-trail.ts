import type { Secrets } from '../../schema/secrets.ts'
import { AuditUnavailable } from './audit-unavailable.ts'
import type { WritableEvent } from './chain-line.ts'
import type { ChainPoint } from './chain-verifier.ts'
import { createChainWriter } from './chain-writer.ts'
import { fileSystem, type TrailDisk } from './trail-disk.ts'
import { assertWriterName } from './trail-files.ts'

export interface AuditTrailOptions {
  /** Folder of the trail; each writer has a subfolder. */
  readonly folder: string
  /** Name of this process. It stays the same after a restart, and no two processes use one name at once. */
  readonly writer: string
  /**
   * The first secret seals the head, so that a cut tail is detected. Any of them verifies. Each has at least 32 bytes
   * and is stored apart from the trail.
   */
  readonly secrets: Secrets
  readonly now?: () => number
  /** A file of this size is followed by a new one; a new UTC day also starts one. @default 64 MiB */
  readonly rotateBytes?: number
  /** Upper bound on the delay of a record while a batch fills, in milliseconds. @default 5 */
  readonly maxBatchDelayMs?: number
  /** Delay while a batch fills to the size of the previous one, in milliseconds. @default 2 */
  readonly batchFillMs?: number
  /** @default the file system */
  readonly disk?: TrailDisk
  /** Whether the writer is in the trail's register, which also stores its head (see openAuditTrail). @default false */
  readonly isRegistered?: boolean
  /** Heads recorded elsewhere, which the chain must have reached. @default none */
  readonly expected?: readonly ChainPoint[]
}

/** The audit trail of one gateway process. */
export interface AuditTrail {
  /**
   * Resolves when all events are on disk, in this order and adjacent. Rejects with AuditUnavailable if none of them is
   * recorded.
   */
  record(events: readonly WritableEvent[]): Promise<void>
  /**
   * Sets the function that counts the requests in progress. A batch may wait for those that have not yet recorded
   * anything.
   */
  setInFlight(onTheWay: () => number): void
  /** Folder of the trail, and the name under which this process writes. */
  readonly folder: string
  readonly writer: string
  /** `FAILED`: nothing is written until a restart, so the process must report that it is not ready. */
  readonly status: 'OPEN' | 'FAILED' | 'CLOSED'
  /** The last event on disk. It names no patient, so it may be logged for `audit verify --expect`. */
  readonly head: ChainPoint
  /** Saves the current head in the register, if the writer is registered. */
  saveHeadToRegister(): Promise<void>
  /** Writes what is pending, then refuses further records. */
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
 * Opens a writer's trail at its end. Group commit: records that arrive during a write share the next one, so that a
 * hundred requests wait for one sync. Throws AuditChainBroken if the tail does not verify.
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
    // Records of the same event-loop turn join the batch.
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
  /** Upper bound on the delay of a record while a batch fills, in milliseconds. */
  readonly maxBatchDelayMs: number
  /** Delay while a batch fills to the size of the previous one, in milliseconds. */
  readonly batchFillMs: number
  /** Returns the number of records that wait to be written. */
  readonly pendingCount: () => number
  /** Returns the number of requests in progress, including those whose records wait. */
  readonly inFlight: () => number
}

/** After a batch of at least this size, the next write waits for more records. */
const minRecordsToWait = 4
/** A batch of this size is written at once. */
const maxRecordsToWait = 32

/**
 * Decides how long a write waits for a larger batch. A sync costs as much processor time as an answer from the cache,
 * and wakes two threads. Under load, a write waits for as many records as the previous batch had, and for all requests
 * in progress. Requests that wait for a slow region count too, so the delay has an upper bound. Without load, no write
 * waits.
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

  /** Resolves when the pending records must be written; the previous batch had so many records. */
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

  /** Notes that one more record is pending. */
  recordAdded(): void {
    if (!this.#endWait || this.#isCheckScheduled || this.#options.pendingCount() < this.#expectedRecords) return
    this.#isCheckScheduled = true
    // One more turn of the event loop lets concurrent records arrive.
    setImmediate(() => this.#checkBatch())
  }

  /** Ends every wait. */
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
