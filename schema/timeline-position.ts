/** An item's position on a timeline. Order: newest first, ties by id in code unit order, undated last. */
export interface TimelinePosition {
  /** Milliseconds since 1970; null where undated. */
  readonly orderedAtMs: number | null
  readonly id: string
}

/** Compares two positions; negative if `a` comes first. */
export function compareTimelinePositions(a: TimelinePosition, b: TimelinePosition): number {
  const byInstant = (b.orderedAtMs ?? Number.NEGATIVE_INFINITY) - (a.orderedAtMs ?? Number.NEGATIVE_INFINITY)
  if (byInstant < 0 || byInstant > 0) return byInstant
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/** Prints a position as `1700000000000.ID` or `undated.ID`. */
export function printTimelinePosition({ orderedAtMs, id }: TimelinePosition): string {
  return `${orderedAtMs ?? 'undated'}.${id}`
}

/** Parses a printed position; null for any other text. */
export function parseTimelinePosition(text: string): TimelinePosition | null {
  const match = /^(-?\d{1,16}|undated)\.([\w-]{1,64})$/.exec(text)
  if (!match?.[1] || !match[2]) return null
  return { orderedAtMs: match[1] === 'undated' ? null : Number(match[1]), id: match[2] }
}
