import type * as Region from '../../schema/generated/region.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import type { ReviewPositions } from './review-cursor.ts'

/** What one region said of its open reviews, newest first; null where it did not answer. */
export interface ReviewsOfRegion {
  readonly region: RegionConfiguration
  readonly page: Region.ReviewPage | null
}

/** A review in its place, and where each region stands behind it. */
export interface PlacedReview {
  readonly region: RegionConfiguration
  readonly review: Region.OverrideReview
  readonly positions: ReviewPositions
}

/** The newest `first` reviews of all regions, and whether those that answered have more. Of one instant, the region that is listed first comes first. */
export function mergeReviews(parts: readonly ReviewsOfRegion[], first: number, before: ReviewPositions): { readonly placed: readonly PlacedReview[]; readonly hasMore: boolean } {
  const queues = parts.map(({ region, page }) => ({ region, reviews: [...(page?.reviews ?? [])] }))
  const positions = new Map(before)
  const placed: PlacedReview[] = []
  while (placed.length < first) {
    const newest = queues.reduce((best, queue) => (instantOf(queue.reviews[0]) > instantOf(best?.reviews[0]) ? queue : best), queues[0])
    const review = newest?.reviews.shift()
    if (!newest || !review) break
    positions.set(newest.region.code, review.position)
    placed.push({ region: newest.region, review, positions: new Map(positions) })
  }
  return { placed, hasMore: queues.some(({ reviews }) => reviews.length > 0) || parts.some(({ page }) => page?.hasMore) }
}

function instantOf(review: Region.OverrideReview | undefined): number {
  return review ? Date.parse(review.at) : Number.NEGATIVE_INFINITY
}
