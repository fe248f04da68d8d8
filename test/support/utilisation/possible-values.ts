/** A published figure and the sums it is part of, as an attacker sees them: null where it is suppressed. */
export interface PublishedFigure {
  readonly from: string
  readonly to: string
  readonly shown: number | null
}

/**
 * What an attacker who knows every published figure and every sum can find out of one suppressed figure: the values
 * from 1 to 4 that it can have, by trying them all. Every other suppressed figure may be anything from 1 on. Knows
 * nothing of how figures were suppressed.
 */
export function possibleValues(
  seen: readonly PublishedFigure[],
  attacked: number,
  maxValue: number,
): readonly number[] {
  return [1, 2, 3, 4].filter((value) =>
    isPossible(
      seen.map(({ shown }, index) => (index === attacked ? value : shown)),
      seen,
      maxValue,
    ),
  )
}

/** Whether there are values from 1 to `most` for the unknown that let every node balance. */
function isPossible(values: readonly (number | null)[], seen: readonly PublishedFigure[], most: number): boolean {
  const nodes = [...new Set(seen.flatMap(({ from, to }) => [from, to]))]
  const tried = [...values]
  // What one node alone leaves open is settled before anything is guessed.
  for (let settled = true; settled; ) {
    settled = false
    for (const node of nodes) {
      const touching = seen.flatMap(({ from, to }, index) =>
        from === to ? [] : from === node ? [{ index, sign: -1 }] : to === node ? [{ index, sign: 1 }] : [],
      )
      const unknown = touching.filter(({ index }) => tried[index] === null)
      const known = touching.reduce((sum, { index, sign }) => sum + sign * (tried[index] ?? 0), 0)
      if (unknown.length === 0 && known !== 0) return false
      const [only] = unknown
      if (unknown.length !== 1 || !only) continue
      const value = -only.sign * known
      if (value < 1 || value > most) return false
      tried[only.index] = value
      settled = true
    }
  }
  const open = tried.indexOf(null)
  if (open === -1) return true
  for (let value = 1; value <= most; value++) if (isPossible(tried.with(open, value), seen, most)) return true
  return false
}
