import { isDeepStrictEqual } from 'node:util'
import type { Conflict } from '../../schema/generated/patient-view.ts'
import { toPlainItem } from '../regions/reply-item.ts'

/** Provenance and dates: sources that differ only in these do not disagree. */
const provenanceFields = new Set([
  'id',
  'identifier',
  'version',
  'lastUpdated',
  'organisation',
  'recordedAt',
  'orderedAt',
  'position',
  'indexed',
])

/**
 * Lists the fields in which the sources of one item or demographic record differ, with values as text. A field that a
 * region's SDL lacks is no difference.
 */
export function findConflicts(
  sources: readonly { readonly region: string; readonly item: object }[],
): readonly Conflict[] {
  const values = sources.map(({ region, item }) => ({
    region,
    item: toPlainItem(item) as Readonly<Record<string, unknown>>,
  }))
  const [first, ...others] = values
  if (!first || others.length === 0) return []
  return Object.keys(first.item)
    .filter(
      (field) =>
        !provenanceFields.has(field) &&
        others.some(({ item }) => field in item && !isDeepStrictEqual(item[field], first.item[field])),
    )
    .map((field) => ({ field, values: values.map(({ region, item }) => ({ region, value: toText(item[field]) })) }))
}

/** Prints a value for people: a concept by its text, a quantity with its unit, an organisation by its name. */
function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) return value.map(toText).join('; ')
  if (typeof value !== 'object') return String(value)
  const { text, full, name, odsCode } = value as Readonly<Record<string, unknown>>
  for (const candidate of [text, full, name, odsCode]) if (typeof candidate === 'string') return candidate
  return Object.values(value).map(toText).filter(Boolean).join(' ')
}
