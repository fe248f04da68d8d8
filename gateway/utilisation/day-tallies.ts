/** For each day in Europe/London how often what happened; what is counted is a tallyKey. */
export type DayTallies = Map<string, Map<string, number>>

/** A key of DayTallies: what is counted, and of which region, organisation, role or code. */
export function toTallyKey(...parts: readonly string[]): string {
  return JSON.stringify(parts)
}

/** The parts of a key. */
export function parseTallyKey(key: string): readonly string[] {
  return JSON.parse(key)
}

/** Adds tallies to others. */
export function addTallies(to: DayTallies, added: ReadonlyMap<string, ReadonlyMap<string, number>>): void {
  for (const [day, cells] of added) {
    const known = to.get(day) ?? new Map<string, number>()
    to.set(day, known)
    for (const [key, count] of cells) known.set(key, (known.get(key) ?? 0) + count)
  }
}

/** How often each happened in the days from the first to the last. */
export function sumDays(
  tallies: ReadonlyMap<string, ReadonlyMap<string, number>>,
  { firstDay, lastDay }: { readonly firstDay: string; readonly lastDay: string },
): ReadonlyMap<string, number> {
  const sum: DayTallies = new Map()
  for (const [day, cells] of tallies) if (day >= firstDay && day <= lastDay) addTallies(sum, new Map([['', cells]]))
  return sum.get('') ?? new Map()
}
