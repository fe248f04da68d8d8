import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'

/** Caches a database's prepared statements by text. The caller states the row type and is trusted. */
export interface Statements {
  get<Row>(sql: string, ...values: readonly SQLInputValue[]): Row | undefined
  all<Row>(sql: string, ...values: readonly SQLInputValue[]): readonly Row[]
  /** Returns the number of changed rows. */
  run(sql: string, ...values: readonly SQLInputValue[]): number
  /** Returns the rowid of the inserted row. */
  insert(sql: string, ...values: readonly SQLInputValue[]): number
}

/** Creates the cache. Texts must be finitely many, so values are parameters, and lists JSON for json_each. */
export function createStatements(db: DatabaseSync): Statements {
  const prepared = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql)
    if (known) return known
    const statement = db.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
  return {
    get: <Row>(sql: string, ...values: readonly SQLInputValue[]) => prepare(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, ...values: readonly SQLInputValue[]) =>
      prepare(sql).all(...values) as unknown as readonly Row[],
    run: (sql, ...values) => Number(prepare(sql).run(...values).changes),
    insert: (sql, ...values) => Number(prepare(sql).run(...values).lastInsertRowid),
  }
}

/** Runs work in one write transaction: durable on return, undone if the work throws. */
export function inTransaction<Result>(db: DatabaseSync, work: () => Result): Result {
  db.exec('BEGIN IMMEDIATE')
  return finish(db, work)
}

const retryMs = 4

/**
 * As inTransaction, but waits for another connection's transaction without holding the event loop: SQLite's own wait
 * (busy_timeout) would, for as long as a large Bundle or an import writes. Rejects with SQLite's error where that lasts
 * longer than `busyTimeoutMs`.
 */
export async function inTransactionWhenFree<Result>(
  db: DatabaseSync,
  busyTimeoutMs: number,
  work: () => Result,
): Promise<Result> {
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

/** Whether the error is SQLITE_BUSY, with any extended code. */
function isBusy(cause: unknown): boolean {
  return cause instanceof Error && 'errcode' in cause && (Number(cause.errcode) & 0xff) === 5
}

function finish<Result>(db: DatabaseSync, work: () => Result): Result {
  try {
    const result = work()
    // The work may have rolled the transaction back itself.
    if (db.isTransaction) db.exec('COMMIT')
    return result
  } catch (cause) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw cause
  }
}
