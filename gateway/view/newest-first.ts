/** One region's source of a thing that several may hold. */
export interface VersionedSource {
  readonly region: string
  readonly item: { readonly version: number | null; readonly lastUpdated: string | null }
}

/** The sources with the newest first: by version where all bear one, then by last update (none is oldest), then by region code. */
export function newestFirst<S extends VersionedSource>(sources: readonly S[]): readonly S[] {
  const byVersion = sources.every(({ item }) => item.version !== null)
  const versionOf = ({ item }: S) => (byVersion ? (item.version ?? 0) : 0)
  const updatedOf = ({ item }: S) => (item.lastUpdated === null ? Number.NEGATIVE_INFINITY : Date.parse(item.lastUpdated))
  // Two without a last update differ by NaN, which counts as no difference.
  return sources.toSorted((a, b) => versionOf(b) - versionOf(a) || updatedOf(b) - updatedOf(a) || (a.region < b.region ? -1 : 1))
}
