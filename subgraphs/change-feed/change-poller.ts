import { setTimeout as delay } from 'node:timers/promises'
import { type ChangeMark, printChangeEvent } from '../../schema/change-event.ts'
import type { ServiceLog } from '../../schema/service/service-log.ts'
import type { RecordStore, StoreChange } from '../store/record-store.ts'

/** Consecutive changes as they are sent, up to and with the sequence number `last`. */
export interface ChangeBatch {
  readonly bytes: Uint8Array
  readonly last: number
}

export interface ChangePoller {
  /** How far the store is now. Rejects where it cannot be asked. */
  poll(): Promise<ChangeMark>
  /** Calls back after every look of the watch's own, until the function that it returns is called. */
  subscribe(seen: (mark: ChangeMark) => void): () => void
  /** The first changes after a sequence number beyond which the store is known to have some; read once for all who ask from the same place. */
  readAfter(sequence: number): Promise<ChangeBatch>
}

export interface ChangePollerOptions {
  readonly store: RecordStore
  /** How long the store is left alone between two looks. @default 10 */
  readonly pollMs?: number
  /** Changes in a batch. @default 500 */
  readonly maxBatch?: number
  readonly log: ServiceLog
}

/**
 * Looks how far the store has committed, for all listeners at once and only while there are any. Asking, rather than being told by who
 * commits, finds the changes of other processes (the import command) too; it costs one indexed read.
 */
export function createChangePoller({ store, pollMs = 10, maxBatch = 500, log }: ChangePollerOptions): ChangePoller {
  const listeners = new Set<(mark: ChangeMark) => void>()
  let isPolling = false
  let shared: { readonly after: number; readonly batch: Promise<ChangeBatch> } | null = null

  const poll = async (): Promise<ChangeMark> => {
    // Before the store is asked: what is committed after it may be missing from the answer.
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

/** The changes, but of those of one kind for one patient the last alone: it says all that the others do. */
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
