import { samenessFields } from './sameness.ts'

/** What every item needs: to be found in other regions, to tell the newest of several sources, and to be put in order. */
const core = ['id', 'identifier', 'version', 'lastUpdated', 'orderedAt']
/** By section: what its places are known by, to be taken out. */
const protecting: Readonly<Record<string, readonly string[]>> = { contacts: ['professional'] }

/**
 * The fields that regions are asked for, so that these can be shown; null: all, for sources may differ in any. A field is a path, as
 * `type.codings.code`; one that ends before the leaves is whole. What is shown comes first, as it is selected: a region's answer is then in
 * the order of ours, and is shown as it came.
 */
export function neededFields(section: string, shown: readonly string[]): readonly string[] | null {
  if (showsAny(shown, 'conflicts')) return null
  const compared = showsAny(shown, 'possibleDuplicates') ? ['organisation', ...samenessFields(section)] : []
  const ofSources = ['organisation', 'recordedAt'].filter((field) => showsAny(shown, `sources.${field}`))
  return [...new Set([...shown, ...core, ...(protecting[section] ?? []), ...compared, ...ofSources])]
}

/** What is told of items beside their own fields. */
export interface ToldOfItems {
  /** Which look the same. */
  readonly compared: boolean
  /** By which identifiers their sources know them. */
  readonly identified: boolean
}

const told = new WeakMap<readonly string[], ToldOfItems>()

/** What is told of items of which these fields are needed. */
export function toldOfItems(fields: readonly string[] | null): ToldOfItems {
  if (fields === null) return { compared: true, identified: true }
  const found = told.get(fields) ?? { compared: showsAny(fields, 'possibleDuplicates'), identified: showsAny(fields, 'sources.identifier') }
  told.set(fields, found)
  return found
}

function showsAny(shown: readonly string[], field: string): boolean {
  return shown.some((path) => path === field || path.startsWith(`${field}.`))
}
