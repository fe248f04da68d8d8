import type { ReleaseFilter } from './record-store.ts'
import { type ReleaseCondition, toReleaseCondition } from './release-condition.ts'

/** Value of replacement.acts_for: the publisher acts for all. */
export const allOwners = '*'

/**
 * SQL condition: the replacing document's publisher owns the replaced item or acts for its owner. `r` is replacement.
 */
export const isOwnReplacement = `(r.owner = item.owner OR r.acts_for = '${allOwners}' OR instr(r.acts_for, '|' || item.owner || '|') > 0)`

/**
 * Builds the SQL of an `item`'s lifecycle for one viewer. A document that the viewer may not see replaces nothing,
 * because its gap in the list would disclose it (schema/policies/README.md). Without release classes every replacement
 * counts, as in the column.
 */
export function toServedLifecycle(filter: ReleaseFilter, patient: number): ReleaseCondition {
  if (!filter.releaseClasses) return { condition: 'item.lifecycle', values: [] }
  const release = toReleaseCondition(filter, patient, 'replacing')
  const replacing = `SELECT 1 FROM replacement AS r JOIN item AS replacing ON replacing.identity = r.replacing AND replacing.owner = r.owner
    WHERE r.replaced = item.identity AND r.patient = item.patient AND ${isOwnReplacement} ${release?.condition ?? 'AND FALSE'}`
  const condition = `CASE WHEN item.lifecycle = 'superseded' AND item.published_lifecycle = 'current' AND NOT EXISTS (${replacing}) THEN 'current' ELSE item.lifecycle END`
  return { condition, values: release?.values ?? [] }
}
