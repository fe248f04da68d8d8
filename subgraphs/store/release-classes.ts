import { LRUCache } from 'lru-cache'
import type { ReleaseClass } from '../../schema/policies/facts.ts'
import type { StoredReleaseClass } from './record-store.ts'
import type { Statements } from './statements.ts'

/** The ids of release classes, cached by one connection. */
export interface ReleaseClasses {
  /** Returns a release class's id, and stores a new class. */
  toId(kind: ReleaseClass): number
  /** Must be called after a rollback, because classes stored in it are gone and their ids may be reused. */
  forget(): void
}

// A region has some hundreds; the bound is for publishers with labels or types of their own.
const maxEntries = 10_000

export function createReleaseClasses(statements: Statements): ReleaseClasses {
  const ids = new LRUCache<string, number>({ max: maxEntries })
  return {
    toId(kind) {
      const text = JSON.stringify(kind)
      const known = ids.get(text)
      if (known !== undefined) return known
      const id =
        statements.get<{ kind: number }>('SELECT kind FROM kind WHERE text = ?', text)?.kind ??
        statements.insert('INSERT INTO kind (text) VALUES (?)', text)
      ids.set(text, id)
      return id
    },
    forget: () => ids.clear(),
  }
}

/** The kinds of what these patients have and had. */
export function findReleaseClasses(
  statements: Statements,
  patients: readonly number[],
): ReadonlyMap<number, readonly StoredReleaseClass[]> {
  const rows = statements.all<{ patient: number; id: number; text: string }>(
    `SELECT patient, kind AS id, text FROM patient_kind JOIN kind USING (kind)
     WHERE patient IN (SELECT value FROM json_each(?)) ORDER BY patient, kind`,
    JSON.stringify(patients),
  )
  const found = Map.groupBy(rows, (row) => row.patient)
  return new Map(
    [...found].map(([patient, own]) => [
      patient,
      own.map(({ id, text }) => ({ id, releaseClass: JSON.parse(text) as ReleaseClass })),
    ]),
  )
}

/**
 * Writes down that a patient has an item of a kind, and that whoever an earlier version of it is listed as retracted
 * for has one too.
 */
export function addPatientReleaseClass(
  statements: Statements,
  patient: number,
  kind: number,
  { identity, isUpdated }: { readonly identity: string; readonly isUpdated: boolean },
): void {
  statements.run('INSERT OR IGNORE INTO patient_kind (patient, kind) VALUES (?, ?)', patient, kind)
  if (isUpdated)
    statements.run(
      'INSERT OR IGNORE INTO patient_kind SELECT patient, ? FROM retraction WHERE identity = ?',
      kind,
      identity,
    )
}
