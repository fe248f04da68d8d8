/** A publisher's version stamp of an item (FHIR R4 Meta). */
export interface VersionStamp {
  readonly version: number | null
  readonly lastUpdated: string | null
}

/**
 * Whether an arriving version supersedes the stored one: by version, else by lastUpdated, if both have one and they
 * differ; else it does.
 */
export function isNewer(arriving: VersionStamp, held: VersionStamp): boolean {
  if (arriving.version !== null && held.version !== null && arriving.version !== held.version)
    return arriving.version > held.version
  if (arriving.lastUpdated !== null && held.lastUpdated !== null) {
    const difference = Date.parse(arriving.lastUpdated) - Date.parse(held.lastUpdated)
    if (difference !== 0 && !Number.isNaN(difference)) return difference > 0
  }
  return true
}
