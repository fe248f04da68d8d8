import type * as Region from '../../schema/generated/region.ts'

/** A review's position in the list: newest grant first, ties by grant id and office. */
export interface ReviewPosition {
  /** Instant of the grant, in milliseconds since 1970. */
  readonly atMs: number
  readonly office: Region.ReviewOffice
  readonly grant: string
}

/** Prints a position as `1700000000000.REGION.ID`. */
export function printReviewPosition({ atMs, office, grant }: ReviewPosition): string {
  return `${atMs}.${office}.${grant}`
}

/** Parses a printed position; null for any other text. */
export function parseReviewPosition(text: string): ReviewPosition | null {
  const match = /^(-?\d{1,16})\.(VIEWERS_ORGANISATION|REGION)\.(.{1,100})$/.exec(text)
  return match?.[1] && match[3]
    ? { atMs: Number(match[1]), office: match[2] as Region.ReviewOffice, grant: match[3] }
    : null
}
