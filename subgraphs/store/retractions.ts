import type * as Region from '../../schema/generated/region.ts'
import { toReleaseConditions } from './read-items.ts'
import type { Lifecycle, ReleaseFilter } from './record-store.ts'
import type { Statements } from './statements.ts'

interface Retractable {
  readonly patient: number
  readonly id: string
  readonly identity: string
  readonly source: string
  readonly labels: string
  readonly body: string
}

/** Lists an item while it is not current, and takes it off the list when it is. */
export function settleRetraction(statements: Statements, item: Retractable & { readonly lifecycle: Lifecycle }, at: string): void {
  if (item.lifecycle !== 'current') recordRetraction(statements, item, at)
  else statements.run('DELETE FROM retraction WHERE patient = ? AND id = ?', item.patient, item.id)
}

/** Lets the labels and source of what is listed of an item follow its newest version: a rule that now holds, holds for its past too. */
export function relabelRetractions(statements: Statements, patient: number, { identity, source, labels }: Pick<Retractable, 'identity' | 'source' | 'labels'>): void {
  statements.run('UPDATE retraction SET source = ?, labels = ? WHERE patient = ? AND identity = ?', source, labels, patient, identity)
}

/** The first instant stands. */
export function recordRetraction(statements: Statements, { patient, id, identity, source, labels, body }: Retractable, at: string): void {
  const { identifier, organisation } = JSON.parse(body) as Region.Entry
  statements.run(
    `INSERT INTO retraction (patient, id, identity, at, source, labels, body) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET source = excluded.source, labels = excluded.labels, body = excluded.body`,
    patient,
    id,
    identity,
    at,
    source,
    labels,
    JSON.stringify({ id, identifier, organisation }),
  )
}

export function readRetractions(statements: Statements, patients: readonly number[], filter: ReleaseFilter = {}): ReadonlyMap<number, readonly Region.Retraction[]> {
  const found = new Map<number, readonly Region.Retraction[]>()
  for (const patient of patients) {
    const { conditions, values } = toReleaseConditions(filter, patient)
    const rows = statements.all<{ at: string; body: string }>(`SELECT at, body FROM retraction WHERE patient = ? ${conditions} ORDER BY at DESC, id`, patient, ...values)
    if (rows.length > 0)
      found.set(
        patient,
        rows.map(({ at, body }) => ({ ...(JSON.parse(body) as Omit<Region.Retraction, 'at'>), at })),
      )
  }
  return found
}
