import { samenessFields } from './sameness.ts'

/** What every item needs: to be found in other regions, to be put in order, and to say where it is from. */
const core = ['id', 'identifier', 'version', 'lastUpdated', 'organisation', 'recordedAt', 'orderedAt']
/** By section: what its places are known by, to be taken out. */
const protecting: Readonly<Record<string, readonly string[]>> = { contacts: ['professional'] }

/** The fields that regions are asked for, so that these can be shown; null: all, for sources may differ in any. */
export function neededFields(section: string, shown: readonly string[]): readonly string[] | null {
  if (shown.includes('conflicts')) return null
  const compared = shown.includes('possibleDuplicates') ? samenessFields(section) : []
  return [...new Set([...core, ...(protecting[section] ?? []), ...compared, ...shown])].sort()
}

/** Whether items with these fields alone can be told to look alike, and are asked to. */
export function isCompared(fields: readonly string[] | null): boolean {
  return fields === null || fields.includes('possibleDuplicates')
}
