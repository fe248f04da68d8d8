import type * as Region from '../../schema/generated/region.ts'
import { toIdentity } from './item-row.ts'
import type { Lifecycle, ReleaseFilter } from './record-store.ts'
import { type ReleaseCondition, toReleaseCondition } from './release-condition.ts'
import { toServedLifecycle } from './served-lifecycle.ts'
import type { Statements } from './statements.ts'

interface RetractableItem {
  readonly patient: number
  readonly id: string
  readonly identity: string
  /** The publisher whose statement is not current. */
  readonly owner: string
  readonly body: string
}

/** Lists an item as retracted while it is not current, and removes it from the list when it is. */
export function settleRetraction(
  statements: Statements,
  item: RetractableItem & { readonly lifecycle: Lifecycle },
  at: string,
): void {
  if (item.lifecycle !== 'current') recordRetraction(statements, item, at)
  else statements.run('DELETE FROM retraction WHERE patient = ? AND id = ?', item.patient, item.id)
}

/** Lists an item; the first instant stands. */
export function recordRetraction(
  statements: Statements,
  { patient, id, identity, owner, body }: RetractableItem,
  at: string,
): void {
  const { identifier, organisation } = JSON.parse(body) as Region.Entry
  statements.run(
    `INSERT INTO retraction (patient, id, identity, owner, at, body) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET body = excluded.body`,
    patient,
    id,
    identity,
    owner,
    at,
    JSON.stringify({ id, identifier, organisation }),
  )
}

/** Reads these patients' retractions, newest first, and what their documents replace that was never stored here. */
export function readRetractions(
  statements: Statements,
  patients: readonly number[],
  filter: ReleaseFilter = {},
): ReadonlyMap<number, readonly Region.Retraction[]> {
  const found = new Map<number, readonly Region.Retraction[]>()
  for (const patient of patients) {
    const release = toReleaseCondition(filter, patient)
    if (release === null) continue
    const retractions = [
      ...readListed(statements, patient, filter, release),
      ...readReplacedElsewhere(statements, patient, filter, release),
    ]
    if (retractions.length > 0)
      found.set(
        patient,
        retractions.toSorted((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1)),
      )
  }
  return found
}

/**
 * Reads listed items whose present form the viewer may see, because a present rule holds for the past too. An item that
 * is current for the viewer is listed under its earlier ids only.
 */
function readListed(
  statements: Statements,
  patient: number,
  filter: ReleaseFilter,
  { condition, values }: ReleaseCondition,
): readonly Region.Retraction[] {
  const served = toServedLifecycle(filter, patient)
  const sql = `SELECT r.identity, r.at, r.body FROM retraction AS r JOIN item ON item.identity = r.identity AND item.owner = r.owner
    WHERE r.patient = ? AND (r.id <> item.id OR item.patient <> r.patient OR ${served.condition} <> 'current') ${condition} ORDER BY r.at DESC, r.id`
  const rows = statements.all<{ identity: string; at: string; body: string }>(sql, patient, ...served.values, ...values)
  return rows.map(({ identity, at, body }) => ({
    identity,
    at,
    ...(JSON.parse(body) as Pick<Region.Retraction, 'id' | 'identifier' | 'organisation'>),
  }))
}

/**
 * Lists what our documents replace in another region, which may still show it as current. Only viewers of the replacing
 * document see this. A stored document that the viewer may not see is listed like one never stored.
 */
function readReplacedElsewhere(
  statements: Statements,
  patient: number,
  filter: ReleaseFilter,
  { condition, values }: ReleaseCondition,
): readonly Region.Retraction[] {
  const held = toReleaseCondition(filter, patient, 'held')
  const rows = statements.all<{ replaced: string; body: string }>(
    `SELECT replaced, body FROM replacement AS r JOIN item ON item.identity = r.replacing AND item.owner = r.owner
     WHERE r.patient = ? AND NOT EXISTS (SELECT 1 FROM item AS held INDEXED BY item_identity WHERE held.identity = r.replaced AND held.patient = r.patient ${held?.condition ?? ''}) ${condition}
     ORDER BY replaced, replacing`,
    patient,
    ...(held?.values ?? []),
    ...values,
  )
  return rows.map(({ replaced, body }) => {
    const { replaces, organisation, recordedAt } = JSON.parse(body) as Region.Document
    const identifier = replaces.find((one) => toIdentity('documents', one) === replaced) ?? null
    return { identity: replaced, id: null, identifier, organisation, at: recordedAt }
  })
}
