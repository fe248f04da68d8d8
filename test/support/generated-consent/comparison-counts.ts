/** How often what was compared: a comparison that never takes place proves nothing. */
export interface ComparisonCounts {
  add(what: string): void
  readonly counts: ReadonlyMap<string, number>
}

export function createComparisonCounts(): ComparisonCounts {
  const counts = new Map<string, number>()
  return { counts, add: (what) => counts.set(what, (counts.get(what) ?? 0) + 1) }
}
