import { samenessFields } from './sameness.ts'

/** What every item needs: to be found in other regions, to tell the newest of several sources, and to be put in order. */
const core = ['id', 'identifier', 'version', 'lastUpdated', 'orderedAt']
/** By section: what its places are known by, to be taken out. */
const protecting: Readonly<Record<string, readonly string[]>> = { contacts: ['professional'] }

/**
 * The fields that regions are asked for, so that these can be shown; null: all, for sources may differ in any. A field is a path, as
 * `type.codings.code`; one that ends before the leaves is whole.
 */
export function neededFields(section: string, shown: readonly string[]): readonly string[] | null {
  if (showsAny(shown, 'conflicts')) return null
  const compared = showsAny(shown, 'possibleDuplicates') ? ['organisation', ...samenessFields(section)] : []
  const ofSources = ['organisation', 'recordedAt'].filter((field) => showsAny(shown, `sources.${field}`))
  return [...new Set([...core, ...(protecting[section] ?? []), ...compared, ...ofSources, ...shown])].sort()
}

/** Whether items with these fields alone can be told to look alike, and are asked to. */
export function isCompared(fields: readonly string[] | null): boolean {
  return fields === null || showsAny(fields, 'possibleDuplicates')
}

function showsAny(shown: readonly string[], field: string): boolean {
  return shown.some((path) => path === field || path.startsWith(`${field}.`))
}
