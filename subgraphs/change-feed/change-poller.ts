import { setTimeout as delay } from 'node:timers/promises'
import { type ChangeMark, printChangeEvent } from '../../schema/change-event.ts'
import type { ServiceLog } from '../../schema/service/service-log.ts'
import type { RecordStore, StoreChange } from '../store/record-store.ts'

/** Consecutive changes as they are sent, up to and including the sequence number `last`. */
export interface ChangeBatch {
  readonly bytes: Uint8Array
  readonly last: number
}

export interface ChangePoller {
  /** Reads the store's last sequence number. Rejects if the store cannot be read. */
  poll(): Promise<ChangeMark>
  /** Calls back after every poll, until the returned function is called. */
  subscribe(seen: (mark: ChangeMark) => void): () => void
  /**
   * Reads the first changes after a sequence number that is not the last. Callers at the same number share one read.
   */
  readAfter(sequence: number): Promise<ChangeBatch>
}

export interface ChangePollerOptions {
  readonly store: RecordStore
  /** Milliseconds between two polls. @default 10 */
  readonly pollMs?: number
  /** Most changes in a batch. @default 500 */
  readonly maxBatch?: number
  readonly log: ServiceLog
}

/**
 * Creates a poller of the store's last sequence number, shared by all subscribers and idle without any. Polling also
 * finds commits of other processes, such as the import command, and costs one indexed read.
 */
export function createChangePoller({ store, pollMs = 10, maxBatch = 500, log }: ChangePollerOptions): ChangePoller {
  const listeners = new Set<(mark: ChangeMark) => void>()
  let isPolling = false
  let shared: { readonly after: number; readonly batch: Promise<ChangeBatch> } | null = null

  const poll = async (): Promise<ChangeMark> => {
    // The clock is read before the store, because the read may miss later commits.
    const clockMs = performance.now()
    return { sequence: await store.sequence(), clockMs }
  }
  const pollRepeatedly = async () => {
    isPolling = true
    let failing = false
    for (await delay(pollMs); listeners.size > 0; await delay(pollMs)) {
      try {
        const mark = await poll()
        failing = false
        for (const seen of [...listeners]) seen(mark)
      } catch (error) {
        if (!failing && listeners.size > 0) log('The change feed cannot ask its store', error)
        failing = true
      }
    }
    isPolling = false
  }
  const read = async (after: number): Promise<ChangeBatch> => toBatch(await store.readChangesAfter(after, maxBatch))

  return {
    poll,
    subscribe(seen) {
      listeners.add(seen)
      if (!isPolling) void pollRepeatedly()
      return () => listeners.delete(seen)
    },
    readAfter(after) {
      if (shared?.after === after) return shared.batch
      const batch = read(after)
      const own = { after, batch }
      shared = own
      batch.catch(() => {
        if (shared === own) shared = null
      })
      return batch
    },
  }
}

/** Keeps only the last change of each kind for each patient, because it says all that the others do. */
function toBatch(changes: readonly StoreChange[]): ChangeBatch {
  const last = changes.at(-1)
  if (!last) throw new Error('Expected changes after a sequence number that the store has passed')
  const latest = new Map(changes.map((change) => [`${change.kind} ${change.nhsNumber}`, change]))
  const sent = changes.filter((change) => latest.get(`${change.kind} ${change.nhsNumber}`) === change)
  const text = sent
    .map(({ sequence, kind, nhsNumber, sensitive }) =>
      printChangeEvent({ type: 'change', sequence, kind, nhsNumber, sensitive }, sequence),
    )
    .join('')
  return { bytes: new TextEncoder().encode(text), last: last.sequence }
}
