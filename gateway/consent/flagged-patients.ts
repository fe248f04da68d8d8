/** Says of a region's patient, by any of their numbers, whether the region flags them sensitive; null: it has not told yet whom it flags. */
export type IsFlagged = (region: string, nhsNumber: string) => boolean | null

/** Whom the regions flag sensitive, heard from their stores, so that it is known of a region that is not asked, or does not answer, too. */
export interface FlaggedPatients {
  readonly isFlagged: IsFlagged
  /** All whom a region flags. */
  flagged(region: string, nhsNumbers: ReadonlySet<string>): void
  /** Undefined: it was told already. */
  changed(region: string, nhsNumber: string, sequence: number, sensitive?: boolean): void
}

/** A region that falls silent has told what it had to tell: its flags stand. */
export function createFlaggedPatients(): FlaggedPatients {
  const byRegion = new Map<string, Set<string>>()
  return {
    isFlagged: (region, nhsNumber) => byRegion.get(region)?.has(nhsNumber) ?? null,
    flagged: (region, nhsNumbers) => void byRegion.set(region, new Set(nhsNumbers)),
    changed(region, nhsNumber, _, sensitive) {
      if (sensitive) byRegion.get(region)?.add(nhsNumber)
      if (sensitive === false) byRegion.get(region)?.delete(nhsNumber)
    },
  }
}
