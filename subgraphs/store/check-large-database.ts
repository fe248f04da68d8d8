import { Worker } from 'node:worker_threads'
import { StoreRefused } from './store-refused.ts'

/** What openDatabase checks whole before it returns, in bytes: a third of a second. */
export const largestCheckedBytes = 256 * 1024 * 1024

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
  if (!isSound) throw new StoreRefused(file, 'damaged')
}
