import { Worker } from 'node:worker_threads'
import type { ServiceLog } from '../../schema/service/service-log.ts'
import { StoreUnusable } from './store-unusable.ts'
/** Largest database, in bytes, that openDatabase checks whole before it returns; that takes a third of a second. */
export const maxCheckedBytes = 256 * 1024 * 1024

/**
 * Checks every page of a database that was too large to check at opening, on a thread of its own, because 50 GB take a
 * minute. Rejects with StoreUnusable for a damaged page, with another error if it cannot be checked.
 */
export async function checkLargeDatabase(file: string): Promise<void> {
  const thread = new Worker(new URL('page-check-thread.ts', import.meta.url), { workerData: file, env: {} })
  // The check does not keep an ending process alive.
  thread.unref()
  const isSound = await new Promise((resolve, reject) => {
    thread.once('message', resolve).once('error', reject)
    thread.once('exit', (code) => reject(new Error(`The check ended with ${code} before it had a result`)))
  })
  if (!isSound) throw new StoreUnusable(file, 'damaged')
}

export interface CheckWhileServingOptions {
  /** Rejects with StoreUnusable if the database is damaged. */
  readonly check: () => Promise<void>
  /** Shuts the process down with this exit code. */
  readonly stop: (exitCode: number) => Promise<void>
  /** Reports what to do about a damaged database. */
  readonly report: (message: string) => void
  readonly log: ServiceLog
}

/**
 * Checks a database while its store serves. Damage stops the store; a failed check is logged and the store continues.
 */
export async function checkWhileServing({ check, stop, report, log }: CheckWhileServingOptions): Promise<void> {
  try {
    await check()
  } catch (cause) {
    if (!(cause instanceof StoreUnusable)) return log('The database could not be checked; it is served as it is', cause)
    report(cause.message)
    await stop(cause.exitCode)
  }
}
