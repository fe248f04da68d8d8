import type { ReleaseFilter } from './record-store.ts'
import { type ReleaseCondition, toReleaseCondition } from './release-condition.ts'

/** In replacement.acts_for: the publisher acted for all. */
export const allOwners = '*'

/** SQL: the publisher of the replacing document is the publisher of the replaced item, or acted for it. `r`: replacement. */
export const isOwnReplacement = `(r.owner = item.owner OR r.acts_for = '${allOwners}' OR instr(r.acts_for, '|' || item.owner || '|') > 0)`

/**
 * SQL for the lifecycle of an `item` as one viewer is served it. A document that the viewer may not see replaces nothing: else the document
 * missing from the list would disclose it (consent.md). Without kinds every replacement counts, as in the column.
 */
export function toServedLifecycle(filter: ReleaseFilter, patient: number): ReleaseCondition {
  if (!filter.releaseClasses) return { condition: 'item.lifecycle', values: [] }
  const release = toReleaseCondition(filter, patient, 'replacing')
  const replacing = `SELECT 1 FROM replacement AS r JOIN item AS replacing ON replacing.identity = r.replacing AND replacing.owner = r.owner
    WHERE r.replaced = item.identity AND r.patient = item.patient AND ${isOwnReplacement} ${release?.condition ?? 'AND FALSE'}`
  const condition = `CASE WHEN item.lifecycle = 'superseded' AND item.published_lifecycle = 'current' AND NOT EXISTS (${replacing}) THEN 'current' ELSE item.lifecycle END`
  return { condition, values: release?.values ?? [] }
}
