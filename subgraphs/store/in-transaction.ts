import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'

/** Does work in one transaction that may write from the start: durable when this returns, undone when the work throws. */
export function inTransaction<Result>(db: DatabaseSync, work: () => Result): Result {
  db.exec('BEGIN IMMEDIATE')
  return finish(db, work)
}

const retryMs = 4

/**
 * As inTransaction, but waits for another connection's transaction without holding the event loop: SQLite's own wait (busy_timeout) would, for as
 * long as a large Bundle or an import writes. Rejects with SQLite's error where that lasts longer than `busyTimeoutMs`.
 */
export async function inTransactionWhenFree<Result>(db: DatabaseSync, busyTimeoutMs: number, work: () => Result): Promise<Result> {
  const untilMs = performance.now() + busyTimeoutMs
  while (!tryToBegin(db, busyTimeoutMs, performance.now() >= untilMs)) await delay(retryMs)
  return finish(db, work)
}

function tryToBegin(db: DatabaseSync, busyTimeoutMs: number, isLast: boolean): boolean {
  try {
    db.exec('PRAGMA busy_timeout = 0; BEGIN IMMEDIATE')
    return true
  } catch (cause) {
    if (isLast || !isBusy(cause)) throw cause
    return false
  } finally {
    db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
  }
}

/** SQLITE_BUSY, with any of its extended codes. */
function isBusy(cause: unknown): boolean {
  return cause instanceof Error && 'errcode' in cause && (Number(cause.errcode) & 0xff) === 5
}

function finish<Result>(db: DatabaseSync, work: () => Result): Result {
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (cause) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw cause
  }
}
