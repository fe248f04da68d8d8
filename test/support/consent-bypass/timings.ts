/**
 * How long each of several things took, in milliseconds: done once each round, in an order that changes by the round,
 * so that load falls on all alike.
 */
export async function measureInterleaved(
  things: Readonly<Record<string, (round: number) => Promise<unknown>>>,
  rounds: number,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const names = Object.keys(things)
  const taken: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const name of shuffle(names)) {
      const startedAt = performance.now()
      await things[name]?.(round)
      taken[name]?.push(performance.now() - startedAt)
    }
  }
  return taken
}

/**
 * How often one of the first takes longer than one of the second, over all pairs (Mann-Whitney's U over the number of
 * pairs): 0.5 where nothing tells them apart, 0 or 1 where one look does. Its standard error for n of each is about
 * 0.41 / sqrt(n).
 */
export function probabilityOfLonger(first: readonly number[], second: readonly number[]): number {
  const ranked = [...first.map((ms) => ({ ms, of: 'first' })), ...second.map((ms) => ({ ms, of: 'second' }))].sort(
    (a, b) => a.ms - b.ms,
  )
  const rankSum = ranked.reduce((sum, { of }, index) => (of === 'first' ? sum + index + 1 : sum), 0)
  return (rankSum - (first.length * (first.length + 1)) / 2) / (first.length * second.length)
}

/** Median, and between what the middle half lies, for a report. */
export function describeTimings(values: readonly number[]): string {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(values, share).toFixed(3))
  return `median ${middle} ms, middle half ${low} to ${high}`
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN
}

function shuffle<Value>(values: readonly Value[]): readonly Value[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value)
}
