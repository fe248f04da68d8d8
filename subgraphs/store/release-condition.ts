import type { ReleaseFilter } from './record-store.ts'

/** A part of a WHERE clause over item, and its values. */
export interface ReleaseCondition {
  readonly condition: string
  readonly values: readonly (string | number)[]
}

/**
 * A release filter as it concerns one patient; null where it leaves nothing. Where one publisher has verified the
 * patient's number and another has not, the other's items are nobody's to read. `item`: the name of the table in the
 * query.
 */
export function toReleaseCondition(
  { releaseClasses }: ReleaseFilter,
  patient: number,
  item = 'item',
): ReleaseCondition | null {
  const isOfVerified = `AND (NOT EXISTS (${selectUnverified}) OR ${item}.owner NOT IN (${selectUnverified}))`
  if (!releaseClasses) return { condition: isOfVerified, values: [patient, patient] }
  const own = releaseClasses.get(patient) ?? []
  if (own.length === 0) return null
  return {
    condition: `AND ${item}.kind IN (SELECT value FROM json_each(?)) ${isOfVerified}`,
    values: [JSON.stringify(own), patient, patient],
  }
}

// SQLite evaluates the first once for a query; an item's owner, which lies behind its body, is read for the few
// patients who have such a publisher.
const selectUnverified = `SELECT stated.publisher FROM patient_statement AS stated INDEXED BY patient_statement_unverified JOIN patient AS known USING (patient)
  WHERE stated.patient = ? AND stated.verification NOT IN ('', '01') AND known.verification = '01'`
