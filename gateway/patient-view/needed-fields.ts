import type { SectionField } from '../../schema/sections.ts'
import { sectionTable } from './section-table.ts'

/** Fields that every item needs, to match other regions' items, to find the newest source and to sort. */
const identifyingFields = ['id', 'identifier', 'version', 'lastUpdated', 'orderedAt']

/** Demographics have no duplicates, and their redaction reads no field beyond those shown. */
const demographics = { duplicates: { fields: [] }, redaction: null } as const

/**
 * Returns the fields that regions are asked for so that `shown` can be shown; null: all, because sources may differ
 * in any.
 * A field is a path, as `type.codings.code`; one that ends before the leaves is whole. Shown fields come first in the
 * client's order, so that a region's reply can be passed on as it came.
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

/** How the view uses items beyond showing their fields. */
export interface ItemFieldUses {
  /** Possible duplicates are named. */
  readonly comparesDuplicates: boolean
  /** The sources' identifiers are shown. */
  readonly showsIdentifiers: boolean
}

const fieldUses = new WeakMap<readonly string[], ItemFieldUses>()

/** Reads the uses back from needed fields. */
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
