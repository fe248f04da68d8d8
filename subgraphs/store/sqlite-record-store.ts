import type { DatabaseSync } from 'node:sqlite'
import { type ApplyOptions, applyPublication, lastSequence } from './apply-publication.ts'
import { readContent } from './contents.ts'
import { findDocuments } from './find-documents.ts'
import { findLabelled } from './find-labelled.ts'
import { findPatients } from './find-patients.ts'
import { openDatabase } from './open-database.ts'
import { readItems } from './read-items.ts'
import type { Change, Publication, PublicationOutcome, RecordStore } from './record-store.ts'
import { readRetractions } from './retractions.ts'
import { createStatements } from './statements.ts'

export interface SqliteRecordStoreOptions {
  /** RegionCode whose records these are. */
  readonly region: string
  /** Path of the database, made where there is none, or `:memory:`. */
  readonly file: string
  /** @default Date.now */
  readonly now?: () => number
  /** How long a write waits for another process's. @default 10000 */
  readonly busyTimeoutMs?: number
}

/** A region's records in one SQLite file, which several processes may have open at once. Throws when the file is no store of the region. */
export function createSqliteRecordStore({ region, file, now = Date.now, busyTimeoutMs }: SqliteRecordStoreOptions): RecordStore {
  const db = openDatabase({ file, region, busyTimeoutMs })
  const statements = createStatements(db)
  return {
    sequence: async () => lastSequence(statements),
    findPatients: async (nhsNumbers) => findPatients(statements, nhsNumbers),
    readList: async (section, patients, limit, filter) => readItems(statements, { section, patients, limit: limit + 1, filter }),
    readTimeline: async (section, patients, { first, after, fromMs, toMs, filter }) => readItems(statements, { section, patients, limit: first + 1, after, fromMs, toMs, filter }),
    findLabelled: async (patients, labels) => findLabelled(statements, patients, labels),
    readRetractions: async (patients, filter) => readRetractions(statements, patients, filter),
    findDocuments: async (ids) => findDocuments(statements, ids),
    readContent: async (sha256, start = 0) => readContent(statements, sha256, start),
    publish: async (publications) => publish(db, publications, { statements, region, nowMs: now() }),
    changesAfter: async (sequence, limit) =>
      statements.all<Change>(
        'SELECT sequence, committed_at AS committedAt, kind, nhs_number AS nhsNumber FROM change WHERE sequence > ? ORDER BY sequence LIMIT ?',
        sequence,
        limit,
      ),
    close: () => db.close(),
  }
}

/** One transaction, one fsync. A bug while applying undoes it all: nobody could be told which of them stands. */
function publish(db: DatabaseSync, publications: readonly Publication[], options: ApplyOptions): readonly PublicationOutcome[] {
  db.exec('BEGIN IMMEDIATE')
  try {
    const outcomes = publications.map((publication) => applyPublication(publication, options))
    db.exec('COMMIT')
    return outcomes
  } catch (cause) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw cause
  }
}
