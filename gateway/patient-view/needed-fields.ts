import type { SectionField } from '../../schema/sections.ts'
import { sectionTable } from './section-table.ts'

/** What every item needs: to be found in other regions, to tell the newest of several sources, and to be put in order. */
const identifyingFields = ['id', 'identifier', 'version', 'lastUpdated', 'orderedAt']

/** Demographics have no duplicates, and their redaction reads no field beyond those shown. */
const demographics = { duplicates: { fields: [] }, redaction: null } as const

/**
 * The fields that regions are asked for, so that these can be shown; null: all, for sources may differ in any. A field is a path, as
 * `type.codings.code`; one that ends before the leaves is whole. What is shown comes first, as it is selected: a region's answer is then in
 * the order of ours, and is shown as it came.
 */
export function neededFields(
  section: SectionField | 'demographics',
  shown: readonly string[],
): readonly string[] | null {
  if (showsAny(shown, 'conflicts')) return null
  const { duplicates, redaction } = section === 'demographics' ? demographics : sectionTable[section]
  const compared = showsAny(shown, 'possibleDuplicates') ? ['organisation', ...duplicates.fields] : []
  const ofSources = ['organisation', 'recordedAt'].filter((field) => showsAny(shown, `sources.${field}`))
  return [...new Set([...shown, ...identifyingFields, ...(redaction?.reads ?? []), ...compared, ...ofSources])]
}

/** What is told of items beside their own fields. */
export interface ItemFieldUses {
  /** Which look the same. */
  readonly comparesDuplicates: boolean
  /** By which identifiers their sources know them. */
  readonly showsIdentifiers: boolean
}

const fieldUses = new WeakMap<readonly string[], ItemFieldUses>()

/** What is told of items of which these fields are needed. */
export function readItemFieldUses(fields: readonly string[] | null): ItemFieldUses {
  if (fields === null) return { comparesDuplicates: true, showsIdentifiers: true }
  const found = fieldUses.get(fields) ?? {
    comparesDuplicates: showsAny(fields, 'possibleDuplicates'),
    showsIdentifiers: showsAny(fields, 'sources.identifier'),
  }
  fieldUses.set(fields, found)
  return found
}

function showsAny(shown: readonly string[], field: string): boolean {
  return shown.some((path) => path === field || path.startsWith(`${field}.`))
}
