/**
 * Tells whether a region flags a patient sensitive, by any of their numbers; null: the region has not sent its flags
 * yet.
 */
export type IsFlagged = (region: string, nhsNumber: string) => boolean | null

export interface FlaggedPatientsOptions {
  /** Milliseconds since the region's feed last sent anything; null: never. */
  readonly silentForMs: (region: string) => number | null
}

/**
 * The patients whom the regions flag sensitive, by their change feeds. A flag counts even if its region is not asked
 * or does not answer.
 */
export interface FlaggedPatients {
  readonly isFlagged: IsFlagged
  /** Replaces a region's flags. */
  flagsReplaced(region: string, nhsNumbers: ReadonlySet<string>): void
  /** Applies a patient's change. `sensitive` undefined: the flag is unchanged. */
  patientChanged(region: string, nhsNumber: string, sequence: number, sensitive?: boolean): void
}

// A day outlasts most outages. A region that stays silent longer may have flagged patients unnoticed.
const maxSilenceMs = 24 * 3_600_000

/**
 * Keeps the flags. A region silent for a day counts as one that has not sent its flags, except for the patients it
 * has flagged.
 */
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
