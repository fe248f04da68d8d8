import { DatabaseSync } from 'node:sqlite'
import { classifyItems, isClassified } from './classify-items.ts'
import { applicationId, schemaVersions } from './database-schema.ts'
import { inTransaction } from './in-transaction.ts'

export interface OpenDatabaseOptions {
  /** Path, or `:memory:`. */
  readonly file: string
  /** RegionCode whose records the database holds. */
  readonly region: string
  /** How long a write waits for another process's. @default 10000 */
  readonly busyTimeoutMs?: number
}

/** Opens or makes a region's database; refuses one that is damaged, foreign, of another region or newer than this program. */
export function openDatabase({ file, region, busyTimeoutMs = 10_000 }: OpenDatabaseOptions): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true })
  try {
    checkSound(db)
    db.exec('PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY')
    migrate(db, region)
    checkRegion(db, region)
    return db
  } catch (cause) {
    db.close()
    throw new Error(`Record store ${file}: ${explain(cause)} Move the file away, or let DATA_DIR name another folder.`, { cause })
  }
}

/** What is found instead of a store of ours; the sentence says what was expected. */
class UnfitDatabase extends Error {}

// A check of every page takes a second per gigabyte: at a start it is worth it only while it is quick.
const largestCheckedBytes = 256 * 1024 * 1024

function checkSound(db: DatabaseSync): void {
  const pragma = (name: string) => Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0])
  // Tables first: another process may be making them now, and the id comes with them.
  const tables = Number(Object.values(db.prepare('SELECT count(*) FROM sqlite_schema').get() ?? {})[0])
  if (tables > 0 && pragma('application_id') !== applicationId) throw new UnfitDatabase('expected a record store of this project, found a database of another program.')
  if (pragma('user_version') > schemaVersions.length) {
    throw new UnfitDatabase(`expected version ${schemaVersions.length} of the tables at most, found ${pragma('user_version')}, made by a newer version of this program.`)
  }
  if (pragma('page_count') * pragma('page_size') > largestCheckedBytes) return
  const [verdict] = Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {})
  if (verdict !== 'ok') throw new UnfitDatabase('expected a sound database, found damaged pages.')
}

function migrate(db: DatabaseSync, region: string): void {
  // Without a lock where nothing is to be done: a long import by another process must not keep a service from starting.
  if (!isUpToDate(db)) {
    // Of two processes opening a file together one brings it up to date and the other finds it so.
    inTransaction(db, () => {
      const version = toVersion(db)
      for (const tables of schemaVersions.slice(version)) db.exec(tables)
      if (version === 0) db.prepare('INSERT INTO store (region) VALUES (?)').run(region)
      db.exec(`PRAGMA user_version = ${schemaVersions.length}; PRAGMA application_id = ${applicationId}`)
      if (!isClassified(db)) classifyItems(db)
    })
  }
}

function checkRegion(db: DatabaseSync, region: string): void {
  const found = db.prepare('SELECT region FROM store').get()?.region
  if (found !== region) throw new UnfitDatabase(`expected the records of ${region}, found those of ${String(found)}.`)
}

function isUpToDate(db: DatabaseSync): boolean {
  return toVersion(db) === schemaVersions.length && isClassified(db)
}

function toVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version)
}

function explain(cause: unknown): string {
  if (cause instanceof UnfitDatabase) return cause.message
  const code = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) & 0xff : null
  const notADatabase = 26
  const corrupt = 11
  if (code === notADatabase) return 'expected a SQLite database, found a file that is none.'
  if (code === corrupt) return 'expected a sound database, found damaged pages.'
  return `expected a database that opens, found: ${cause instanceof Error ? cause.message : String(cause)}.`
}
