import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describeFileError, isSystemError } from '../../schema/service/load-file.ts'
import { ensurePrivateFile } from '../../schema/service/private-files.ts'
import { maxCheckedBytes } from './check-large-database.ts'
import { classifyItems, isClassified } from './classify-items.ts'
import { applicationId, schemaVersions } from './database-schema.ts'
import { countHeldDocuments } from './document-counts.ts'
import { inTransaction } from './statements.ts'
import { StoreUnusable } from './store-unusable.ts'

export interface OpenDatabaseOptions {
  /** Path, or `:memory:`. */
  readonly file: string
  /** RegionCode whose records the database holds. */
  readonly region: string
  /** Milliseconds for which a write waits for another process's. @default 10000 */
  readonly busyTimeoutMs?: number
}

export interface OpenedDatabase {
  readonly db: DatabaseSync
  /** Whether all pages were checked; checkLargeDatabase checks a large database. */
  readonly isChecked: boolean
}

/**
 * Opens or makes a region's database. Throws StoreRefused for one that is damaged, foreign, of another region or newer
 * than this program; one above 256 MiB is read as far as opening needs it.
 */
export function openDatabase({ file, region, busyTimeoutMs = 10_000 }: OpenDatabaseOptions): OpenedDatabase {
  assertNotEmptied(file)
  const db = open(file, busyTimeoutMs)
  try {
    const isChecked = checkSound(db, file)
    db.exec(
      'PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY',
    )
    migrate(db, region)
    checkRegion(db, region, file)
    return { db, isChecked }
  } catch (cause) {
    db.close()
    throw toStoreUnusable(file, cause)
  }
}

function open(file: string, timeout: number): DatabaseSync {
  try {
    // SQLite gives its -wal and -shm files the database's mode, and would follow a symbolic link.
    if (file !== ':memory:') ensurePrivateFile(file)
    return new DatabaseSync(file, { timeout, enableForeignKeyConstraints: true })
  } catch (cause) {
    throw toStoreUnusable(file, cause)
  }
}

// Longer than another process needs between creating the file and writing its tables.
const maxCreationMs = 60_000

/** SQLite takes a file of 0 bytes for a new database. If ours was emptied, every patient would be unknown. */
function assertNotEmptied(file: string): void {
  const found = file === ':memory:' ? undefined : statSync(file, { throwIfNoEntry: false })
  if (found?.size === 0 && Date.now() - found.mtimeMs > maxCreationMs) throw new StoreUnusable(file, 'emptied')
}

/** Checks a database that is small enough; returns whether it did. */
function checkSound(db: DatabaseSync, file: string): boolean {
  const pragma = (name: string) => Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0])
  // Tables are read first, because another process may be creating them, and the id comes with them.
  const tables = Number(Object.values(db.prepare('SELECT count(*) FROM sqlite_schema').get() ?? {})[0])
  if (tables > 0 && pragma('application_id') !== applicationId) throw new StoreUnusable(file, 'foreign')
  if (pragma('user_version') > schemaVersions.length) {
    const finding = `expected version ${schemaVersions.length} of the tables at most, found ${pragma('user_version')}, made by a newer version of this program.`
    throw new StoreUnusable(file, { finding, remedy: 'newer' })
  }
  // This size includes the write-ahead log.
  if (pragma('page_count') * pragma('page_size') > maxCheckedBytes) return false
  if (!isSound(db)) throw new StoreUnusable(file, 'damaged')
  return true
}

function migrate(db: DatabaseSync, region: string): void {
  // No lock is taken if nothing is to be done, because another process's long import must not block a start.
  if (!isUpToDate(db)) {
    // If two processes open a file together, one migrates it and the other finds it migrated.
    inTransaction(db, () => {
      const version = toVersion(db)
      for (const tables of schemaVersions.slice(version)) db.exec(tables)
      if (version === 0) db.prepare('INSERT INTO store (region) VALUES (?)').run(region)
      db.exec(`PRAGMA user_version = ${schemaVersions.length}; PRAGMA application_id = ${applicationId}`)
      if (version < 4) countHeldDocuments(db)
      if (!isClassified(db)) classifyItems(db)
    })
  }
}

function checkRegion(db: DatabaseSync, region: string, file: string): void {
  const found = db.prepare('SELECT region FROM store').get()?.region
  if (found !== region)
    throw new StoreUnusable(file, {
      finding: `expected the records of ${region}, found those of ${String(found)}.`,
      remedy: 'move',
    })
}

function isUpToDate(db: DatabaseSync): boolean {
  return toVersion(db) === schemaVersions.length && isClassified(db)
}

function toVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version)
}

function toStoreUnusable(file: string, cause: unknown): StoreUnusable {
  if (cause instanceof StoreUnusable) return cause
  if (isSystemError(cause))
    return new StoreUnusable(
      file,
      {
        finding: `expected a file that this user may read and write, found ${describeFileError(cause, file)}.`,
        remedy: 'move',
      },
      { cause },
    )
  const finding = isDamage(cause) ?? {
    finding: `expected a database that opens, found: ${cause instanceof Error ? cause.message : String(cause)}.`,
    remedy: 'move' as const,
  }
  return new StoreUnusable(file, finding, { cause })
}

/**
 * Whether every page is intact; it takes a second for each GiB. Changed bytes within a text leave their page intact and
 * are not found.
 */
export function isSound(db: DatabaseSync): boolean {
  try {
    return Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {})[0] === 'ok'
  } catch (cause) {
    if (isDamage(cause)) return false
    throw cause
  }
}

/** Whether SQLite reports that the file is no database (SQLITE_NOTADB) or a broken one (SQLITE_CORRUPT). */
export function isDamage(cause: unknown): 'no-database' | 'damaged' | null {
  const code = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) & 0xff : null
  return code === 26 ? 'no-database' : code === 11 ? 'damaged' : null
}
