import type { DatabaseSync } from 'node:sqlite'

/** Whether every page is what it should be: a second for each gigabyte. Bytes changed within a text, which leave every page whole, are not found. */
export function isSound(db: DatabaseSync): boolean {
  try {
    return Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {})[0] === 'ok'
  } catch (cause) {
    if (isDamage(cause)) return false
    throw cause
  }
}

/** Whether SQLite says that what it read is no database of its own (SQLITE_NOTADB), or is one that is broken (SQLITE_CORRUPT). */
export function isDamage(cause: unknown): 'no-database' | 'damaged' | null {
  const code = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) & 0xff : null
  return code === 26 ? 'no-database' : code === 11 ? 'damaged' : null
}
