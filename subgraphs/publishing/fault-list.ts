import type { PublicationFault } from '../store/record-store.ts'

/** The entry index of faults that concern the whole Bundle. */
export const wholeBundle = -1

/** Collects the faults of a Bundle; those beyond the limit are only counted. */
export interface FaultList {
  add(...faults: readonly PublicationFault[]): void
  /** Those that have a fault, be it kept or counted. */
  readonly entries: ReadonlySet<number>
  /** In order of entries; the last says how many more there are. */
  toArray(): readonly PublicationFault[]
  readonly size: number
}

export function createFaultList(limit = 100): FaultList {
  const kept: PublicationFault[] = []
  const entries = new Set<number>()
  let size = 0
  return {
    add(...faults) {
      for (const fault of faults) {
        entries.add(fault.entry)
        if (size++ < limit) kept.push(fault)
      }
    },
    entries,
    toArray() {
      const sorted = kept.toSorted((a, b) => a.entry - b.entry)
      return size <= limit
        ? sorted
        : [
            ...sorted,
            {
              entry: wholeBundle,
              path: 'Bundle',
              code: 'incomplete',
              fault: `${size - limit} more faults are not listed`,
            },
          ]
    },
    get size() {
      return size
    },
  }
}
