import type { SQLInputValue } from 'node:sqlite'
import type { SectionField, SectionItems } from '../../schema/sections.ts'
import { toNewestFirstKey } from './item-row.ts'
import type { Lifecycle, ReleaseFilter, StoredItem, TimelineFilter } from './record-store.ts'
import { toReleaseCondition } from './release-condition.ts'
import { toServedLifecycle } from './served-lifecycle.ts'
import type { Statements } from './statements.ts'

/** Selects items of one section for several patients. */
export interface ItemsQuery {
  readonly section: SectionField
  readonly patients: readonly number[]
  /** Most items for each patient. */
  readonly limit: number
  readonly after?: { readonly orderedAtMs: number | null; readonly id: string } | null
  readonly fromMs?: number | null
  readonly toMs?: number | null
  readonly filter?: TimelineFilter
}

interface Row {
  readonly body: string
  readonly owner: string
  readonly kind: number
  readonly based_on: string
  /** The lifecycle as the viewer sees it. */
  readonly served: Lifecycle
}

/** Reads items, newest first. A patient costs one search of the key and the rows read, at any page. */
export function readItems<S extends SectionField>(
  statements: Statements,
  query: ItemsQuery & { readonly section: S },
): ReadonlyMap<number, readonly StoredItem<S>[]> {
  const found = new Map<number, readonly StoredItem<S>[]>()
  const { conditions, values } = toConditions(query)
  for (const patient of query.patients) {
    const release = toReleaseCondition(query.filter ?? {}, patient)
    if (release === null) continue
    const served = toServedLifecycle(query.section === 'documents' ? (query.filter ?? {}) : {}, patient)
    const sql = `SELECT body, owner, kind, based_on, ${served.condition} AS served FROM item
      WHERE patient = ? AND section = ? ${conditions} ${release.condition} ORDER BY age, id LIMIT ?`
    const rows = statements.all<Row>(
      sql,
      ...served.values,
      patient,
      query.section,
      ...values,
      ...release.values,
      query.limit,
    )
    if (rows.length > 0) found.set(patient, rows.map(toStoredItem<S>))
  }
  return found
}

/**
 * Returns the patients that have an item of the section in a lifecycle that is served: of documents the superseded ones
 * too. One search each, which reads no item.
 */
export function findHolders(
  statements: Statements,
  section: SectionField,
  patients: readonly number[],
  filter: ReleaseFilter = {},
): ReadonlySet<number> {
  const lifecycles: readonly Lifecycle[] = section === 'documents' ? ['current', 'superseded'] : ['current']
  const isHolder = (patient: number): boolean => {
    const release = toReleaseCondition(filter, patient)
    if (release === null) return false
    const sql = `SELECT 1 FROM item WHERE patient = ? AND section = ? AND lifecycle IN (SELECT value FROM json_each(?)) ${release.condition} LIMIT 1`
    return statements.get(sql, patient, section, JSON.stringify(lifecycles), ...release.values) !== undefined
  }
  return new Set(patients.filter(isHolder))
}

function toConditions({ after, fromMs, toMs, filter = {} }: ItemsQuery): {
  readonly conditions: string
  readonly values: readonly SQLInputValue[]
} {
  const conditions: string[] = []
  const values: SQLInputValue[] = []
  const where = (condition: string, ...more: readonly SQLInputValue[]) => {
    conditions.push(`AND ${condition}`)
    values.push(...more)
  }
  if (after) where('(age, id) > (?, ?)', toNewestFirstKey(after.orderedAtMs), after.id)
  if (typeof fromMs === 'number') where('age <= ?', toNewestFirstKey(fromMs))
  // The upper bound of instants is the lower bound of ages; undated items, the greatest age, satisfy it and are left
  // out by name.
  if (typeof toMs === 'number') where('age >= ? AND age < ?', toNewestFirstKey(toMs), toNewestFirstKey(null))
  where('served IN (SELECT value FROM json_each(?))', JSON.stringify(filter.lifecycles ?? ['current']))
  if (filter.ids) where('id IN (SELECT value FROM json_each(?))', JSON.stringify(filter.ids))
  if (filter.codes) where(hasOneOf('codes'), JSON.stringify(filter.codes))
  if (filter.categories) where(hasOneOf('categories'), JSON.stringify(filter.categories))
  if (filter.organisations) where('source IN (SELECT value FROM json_each(?))', JSON.stringify(filter.organisations))
  return { conditions: conditions.join(' '), values }
}

function hasOneOf(column: 'codes' | 'categories'): string {
  return `EXISTS (SELECT 1 FROM json_each(?) WHERE instr(${column}, '|' || value || '|') > 0)`
}

function toStoredItem<S extends SectionField>({ body, owner, kind, based_on, served: lifecycle }: Row): StoredItem<S> {
  const item = JSON.parse(body) as SectionItems[S]
  // A document is replaced by another's word, after its own was written.
  const served = lifecycle === 'superseded' && 'contentAnswer' in item ? { ...item, status: 'SUPERSEDED' } : item
  return { item: served as SectionItems[S], owner, releaseClass: kind, basedOn: JSON.parse(based_on), lifecycle }
}

/** Finds the NHS numbers of the patients of these documents, by public id; unknown ids are absent. */
export function findDocuments(statements: Statements, ids: readonly string[]): ReadonlyMap<string, string> {
  const sql = `SELECT item.id, patient.nhs_number AS nhsNumber FROM item JOIN patient USING (patient)
    WHERE item.section = 'documents' AND item.id IN (SELECT value FROM json_each(?))`
  return new Map(
    statements
      .all<{ id: string; nhsNumber: string }>(sql, JSON.stringify(ids))
      .map(({ id, nhsNumber }) => [id, nhsNumber]),
  )
}
