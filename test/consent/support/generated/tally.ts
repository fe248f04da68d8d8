/** How often what was compared: a comparison that never takes place proves nothing. */
export interface Tally {
  add(what: string): void
  readonly counts: ReadonlyMap<string, number>
}

export function createTally(): Tally {
  const counts = new Map<string, number>()
  return { counts, add: (what) => counts.set(what, (counts.get(what) ?? 0) + 1) }
}
