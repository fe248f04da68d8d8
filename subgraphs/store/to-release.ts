import type { ReleaseFilter } from './record-store.ts'

/** The part of a WHERE over item.kind, and its values. */
export interface Release {
  readonly condition: string
  readonly values: readonly string[]
}

/** A release filter as it concerns one patient; null where it leaves nothing. */
export function toRelease({ kinds }: ReleaseFilter, patient: number): Release | null {
  if (!kinds) return { condition: '', values: [] }
  const own = kinds.get(patient) ?? []
  return own.length === 0 ? null : { condition: 'AND item.kind IN (SELECT value FROM json_each(?))', values: [JSON.stringify(own)] }
}
