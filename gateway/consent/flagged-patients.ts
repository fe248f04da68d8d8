/** Says of a region's patient, by any of their numbers, whether the region flags them sensitive; null: it has not told yet whom it flags. */
export type IsFlagged = (region: string, nhsNumber: string) => boolean | null

export interface FlaggedPatientsOptions {
  /** Since the region was heard last; null: never. */
  readonly silentForMs: (region: string) => number | null
}

/** Whom the regions flag sensitive, heard from their stores, so that it is known of a region that is not asked, or does not answer, too. */
export interface FlaggedPatients {
  readonly isFlagged: IsFlagged
  /** All whom a region flags. */
  flagsReplaced(region: string, nhsNumbers: ReadonlySet<string>): void
  /** Undefined: it was told already. */
  patientChanged(region: string, nhsNumber: string, sequence: number, sensitive?: boolean): void
}

// Longer than most outages; then who was flagged meanwhile, unheard, must not be shown for ever.
const maxSilenceMs = 24 * 3_600_000

/** The flags of a region that falls silent stand for a day; after it, it is as if it had never told whom it flags, but of those whom it did. */
export function createFlaggedPatients({ silentForMs }: FlaggedPatientsOptions): FlaggedPatients {
  const byRegion = new Map<string, Set<string>>()
  return {
    isFlagged(region, nhsNumber) {
      const flagged = byRegion.get(region)
      if (!flagged) return null
      return flagged.has(nhsNumber) || ((silentForMs(region) ?? 0) < maxSilenceMs ? false : null)
    },
    flagsReplaced: (region, nhsNumbers) => void byRegion.set(region, new Set(nhsNumbers)),
    patientChanged(region, nhsNumber, _, sensitive) {
      if (sensitive) byRegion.get(region)?.add(nhsNumber)
      if (sensitive === false) byRegion.get(region)?.delete(nhsNumber)
    },
  }
}
