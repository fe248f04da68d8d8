import { Worker } from 'node:worker_threads'
import type { RegionOrganisations } from '../../schema/organisations.ts'
import type { Attribution, PublishBundle, PublishResponse } from './publish-bundle.ts'

export interface PublishingThreadOptions {
  /** RegionCode. */
  readonly region: string
  /** Path of the region's database, which the thread opens for itself. */
  readonly file: string
  /** The organisations that the list of regions adds, by RegionCode. @default none */
  readonly addedOrganisations?: ReadonlyMap<string, RegionOrganisations>
}

export interface PublishingThread {
  /**
   * Publishes one Bundle after another. Rejects if the thread ends, for example out of memory; the next call starts
   * another.
   */
  readonly publishBundle: PublishBundle
  /** Ends the thread once its queue is empty. */
  close(): Promise<void>
}

/** A message to the thread. */
export interface Task {
  readonly id: number
  readonly bytes: Uint8Array
  readonly attribution: Attribution
}

/** The thread's answer. */
export type Result = { readonly id: number } & ({ readonly answer: PublishResponse } | { readonly failure: Error })

/**
 * Publishes in a thread with its own connection, so that requests for records are answered while a Bundle is stored.
 */
export function createPublishingThread(options: PublishingThreadOptions): PublishingThread {
  const waiting = new Map<number, PromiseWithResolvers<PublishResponse>>()
  let thread: Worker | null = null
  let lastId = 0

  const begin = () => {
    const begun = new Worker(new URL('publishing-worker.ts', import.meta.url), { workerData: options, env: {} })
    const end = (cause: Error) => {
      if (thread !== begun) return
      thread = null
      for (const { reject } of waiting.values())
        reject(new Error('The publishing thread ended before it had published', { cause }))
      waiting.clear()
    }
    begun.on('message', (result: Result) => {
      const task = waiting.get(result.id)
      waiting.delete(result.id)
      if (waiting.size === 0) begun.unref()
      if ('answer' in result) task?.resolve(result.answer)
      else task?.reject(result.failure)
    })
    begun.once('error', end)
    begun.once('exit', (code) => end(new Error(`It ended with ${code}`)))
    return begun
  }

  return {
    publishBundle(bytes, attribution) {
      thread ??= begin()
      const task: Task = { id: ++lastId, bytes, attribution }
      const outcome = Promise.withResolvers<PublishResponse>()
      waiting.set(task.id, outcome)
      // Pending work keeps the process alive; an idle thread does not.
      thread.ref()
      thread.postMessage(task, isWhole(bytes) ? [bytes.buffer as ArrayBuffer] : [])
      return outcome.promise
    },
    async close() {
      await Promise.allSettled([...waiting.values()].map(({ promise }) => promise))
      const ending = thread
      thread = null
      if (!ending) return
      const ended = new Promise((resolve) => ending.once('exit', resolve))
      ending.ref()
      ending.postMessage(null)
      await ended
    },
  }
}

/** Only what shares its memory with nothing else may be given away; the rest is copied. */
function isWhole({ byteLength, buffer }: Uint8Array): boolean {
  return byteLength === buffer.byteLength
}
