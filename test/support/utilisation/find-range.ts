/**
 * Days from the first to the one before the last, by number, and how many there were on them: as published, or as
 * bounds.
 */
export interface Span {
  readonly from: number
  readonly to: number
  readonly least: number
  readonly most: number
}

/**
 * The least and the most that an attacker can find out of one span, who knows that no day has less than none:
 * differences of running sums, by shortest paths. Exact.
 */
export function findRange(
  days: number,
  spans: readonly Span[],
  { from, to }: Pick<Span, 'from' | 'to'>,
): { readonly least: number; readonly most: number } {
  // Each bound is an edge: the running sum at `to` is at most that at `from` and the weight.
  const edges = spans.flatMap((span) => [
    { from: span.from, to: span.to, weight: span.most },
    { from: span.to, to: span.from, weight: -span.least },
  ])
  for (let day = 0; day < days; day++) edges.push({ from: day + 1, to: day, weight: 0 })
  const shortest = (start: number, end: number) => {
    const distances = new Array<number>(days + 1).fill(Number.POSITIVE_INFINITY)
    distances[start] = 0
    for (let changed = true; changed; ) {
      changed = false
      for (const edge of edges) {
        const distance = (distances[edge.from] ?? 0) + edge.weight
        if (distance < (distances[edge.to] ?? 0)) {
          distances[edge.to] = distance
          changed = true
        }
      }
    }
    return distances[end] ?? Number.POSITIVE_INFINITY
  }
  return { least: -shortest(to, from), most: shortest(from, to) }
}
