import { applyPublication } from './apply-publication.ts'
import { readChangesAfter, readLastSequence } from './change-log.ts'
import { assertClassified } from './classify-items.ts'
import { readContent } from './contents.ts'
import { readDocumentCounts } from './document-counts.ts'
import { readFigures } from './figures.ts'
import { findFlaggedPatients, findPatients } from './find-patients.ts'
import { countGrants, findSameGrant, recordGrant } from './grants.ts'
import { openDatabase } from './open-database.ts'
import { recordPermission, withdrawPermission } from './permissions.ts'
import { findPublications } from './publication-trail.ts'
import { findDocuments, findHolders, readItems } from './read-items.ts'
import type { Publication, PublicationOutcome, RecordStore } from './record-store.ts'
import { createReleaseClasses, findReleaseClasses } from './release-classes.ts'
import { readRetractions } from './retractions.ts'
import { closeReview, countOpenReviews, findOpenReviews, findReviews } from './reviews.ts'
import { createStatements, inTransaction, inTransactionWhenFree } from './statements.ts'
import { readViewerFacts } from './viewer-facts.ts'

export interface SqliteRecordStoreOptions {
  /** RegionCode whose records these are. */
  readonly region: string
  /** Path of the database, created if missing, or `:memory:`. */
  readonly file: string
  /** @default Date.now */
  readonly now?: () => number
  /** Milliseconds for which a write waits for another process's. @default 10000 */
  readonly busyTimeoutMs?: number
}

export interface SqliteRecordStore extends RecordStore {
  /** Whether all pages were checked at opening; else checkLargeDatabase checks them. */
  readonly isChecked: boolean
}

/**
 * Opens a region's records in one SQLite file, which several processes may open at once. Throws StoreUnusable if the
 * file is no store of the region.
 */
export function createSqliteRecordStore({
  region,
  file,
  now = Date.now,
  busyTimeoutMs = 10_000,
}: SqliteRecordStoreOptions): SqliteRecordStore {
  const { db, isChecked } = openDatabase({ file, region, busyTimeoutMs })
  const statements = createStatements(db)
  const releaseClasses = createReleaseClasses(statements)
  const at = () => new Date(now()).toISOString()
  const write = <Result>(work: () => Result) => inTransactionWhenFree(db, busyTimeoutMs, work)

  /**
   * One transaction and one fsync. A bug undoes all publications, because no caller could be told which of them stand.
   */
  const publish = (publications: readonly Publication[]): readonly PublicationOutcome[] => {
    try {
      return inTransaction(db, () => {
        assertClassified(db)
        return publications.map((publication) =>
          applyPublication(publication, {
            statements,
            releaseClasses,
            region,
            nowMs: now(),
            isAlone: publications.length === 1,
          }),
        )
      })
    } catch (cause) {
      releaseClasses.forget()
      throw cause
    }
  }

  return {
    isChecked,
    sequence: async () => readLastSequence(statements),
    findPatients: async (nhsNumbers) => findPatients(statements, nhsNumbers),
    readList: async (section, patients, limit, filter) =>
      readItems(statements, { section, patients, limit: limit + 1, filter }),
    readTimeline: async (section, patients, { first, after, fromMs, toMs, filter }) =>
      readItems(statements, { section, patients, limit: first + 1, after, fromMs, toMs, filter }),
    findHolders: async (section, patients, filter) => findHolders(statements, section, patients, filter),
    findReleaseClasses: async (patients) => findReleaseClasses(statements, patients),
    readViewerFacts: async (patients, viewer) => readViewerFacts(statements, patients, viewer),
    readRetractions: async (patients, filter) => readRetractions(statements, patients, filter),
    findDocuments: async (ids) => findDocuments(statements, ids),
    readContent: async (sha256, start = 0) => readContent(statements, sha256, start),
    publish: async (publications) => publish(publications),
    recordPermission: async (permission) => write(() => recordPermission(statements, permission, at())),
    withdrawPermission: async (nhsNumber, organisation) =>
      write(() => withdrawPermission(statements, nhsNumber, organisation, at())),
    recordGrant: async (grant, reviewDueByMs) =>
      write(() => recordGrant(statements, grant, { reviewDueByMs, at: at() })),
    findSameGrant: async (asked, nowMs) => findSameGrant(statements, asked, nowMs),
    countGrants: async (person, sinceMs, most) => countGrants(statements, person, sinceMs, most),
    findOpenReviews: async (scope, { first, after }) => findOpenReviews(statements, scope, { limit: first + 1, after }),
    countOpenReviews: async (scope) => countOpenReviews(statements, scope),
    findReviews: async (grant) => findReviews(statements, grant),
    closeReview: async (grant, office, review) => write(() => closeReview(statements, grant, office, review)),
    countDocuments: async (week, since) => readDocumentCounts(statements, week, since),
    findPublications: async (query) => findPublications(statements, query),
    readChangesAfter: async (sequence, limit) => readChangesAfter(statements, sequence, limit),
    findFlaggedPatients: async () => findFlaggedPatients(statements),
    readFigures: async (nowMs) => readFigures(statements, nowMs),
    close: () => db.close(),
  }
}
