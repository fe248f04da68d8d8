import { Worker } from 'node:worker_threads'
import type { ServiceLog } from '../../schema/service/service-log.ts'
import { StoreUnusable } from './store-unusable.ts'
/** What openDatabase checks whole before it returns, in bytes: a third of a second. */
export const maxCheckedBytes = 256 * 1024 * 1024

/**
 * Checks every page of a database that was too large to be checked when it was opened (`isChecked` says), on a thread of its own: a store of 50 GB
 * would otherwise take a minute to start again. Rejects with StoreRefused where one is damaged, with another error where it cannot be checked.
 */
export async function checkLargeDatabase(file: string): Promise<void> {
  const thread = new Worker(new URL('page-check-thread.ts', import.meta.url), { workerData: file, env: {} })
  // What ends meanwhile need not wait for it.
  thread.unref()
  const isSound = await new Promise((resolve, reject) => {
    thread.once('message', resolve).once('error', reject)
    thread.once('exit', (code) => reject(new Error(`The check ended with ${code} before it had a result`)))
  })
  if (!isSound) throw new StoreUnusable(file, 'damaged')
}

export interface CheckWhileServingOptions {
  /** Rejects with StoreRefused where the database is damaged. */
  readonly check: () => Promise<void>
  /** Ends the process in order, with the exit code. */
  readonly stop: (exitCode: number) => Promise<void>
  /** Tells what to do about a damaged database. */
  readonly report: (message: string) => void
  readonly log: ServiceLog
}

/** Lets a database be checked while its store serves: where it is damaged, the store stops; where it cannot be checked, that is logged and it goes on. */
export async function checkWhileServing({ check, stop, report, log }: CheckWhileServingOptions): Promise<void> {
  try {
    await check()
  } catch (cause) {
    if (!(cause instanceof StoreUnusable)) return log('The database could not be checked; it is served as it is', cause)
    report(cause.message)
    await stop(cause.exitCode)
  }
}
