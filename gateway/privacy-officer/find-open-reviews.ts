import type * as Region from '../../schema/generated/region.ts'
import { fault } from '../../schema/graphql-errors.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { toDefaultContext } from '../consent/default-context.ts'
import { completeMessage, didNotAnswerMessage, toEnumeration, toSentences } from '../patient-view/messages.ts'
import type { RegionClient } from '../regions/region-client.ts'
import { runRegionOperation } from '../regions/region-operation.ts'
import type { RequestContext } from '../request/request-context.ts'
import type { PrivacyQueryResult } from './privacy-query-result.ts'
import type { ReviewCursorCodec, ReviewPositions } from './review-cursor.ts'
import { type PageArgs, toConnection, toPageSize } from './to-connection.ts'
import { toOverrideReview } from './to-override-review.ts'

export interface OpenReviewsOptions {
  readonly clients: readonly RegionClient[]
  readonly cursors: ReviewCursorCodec
}

/**
 * Returns a page of the officer's open reviews from every region.
 * A region that does not answer is named, keeps its position in the cursors and is asked again for the next page.
 * Throws BAD_CURSOR and FIRST_OUT_OF_RANGE.
 */
export async function findOpenReviews(
  { clients, cursors }: OpenReviewsOptions,
  args: PageArgs,
  request: RequestContext,
): Promise<PrivacyQueryResult> {
  const { holder, credentialsFor } = request
  const first = toPageSize(args)
  const { after } = args
  const before = typeof after === 'string' ? cursors.parse(after) : new Map<string, string>()
  if (!before) throw fault('BAD_CURSOR', 'Expected a cursor of an earlier page.')
  const regionReviews = await Promise.all(
    clients.map(async (client): Promise<RegionReviews> => {
      const { region } = client
      const credentials = await credentialsFor(region.code, toDefaultContext(holder))
      const outcome = await runRegionOperation(
        client,
        'openReviews',
        { first, after: before.get(region.code) ?? null },
        credentials,
        request,
      )
      return { region, page: outcome.status === 'REPLIED' ? outcome.reply : null }
    }),
  )
  const { merged, hasMore } = mergeReviews(regionReviews, first, before)
  const edges = merged.map(({ region, review, positions }) => ({
    cursor: cursors.print(positions),
    node: toOverrideReview(review, region),
  }))
  return {
    value: {
      ...toConnection(edges, { hasNextPage: hasMore, after }),
      ...toCompleteness(regionReviews),
      openCount: regionReviews.reduce((sum, { page }) => sum + (page?.openCount ?? 0), 0),
    },
    status: 'ANSWERED',
    items: edges.length,
  }
}

function toCompleteness(regionReviews: readonly RegionReviews[]): {
  readonly complete: boolean
  readonly message: string
} {
  const unanswered = regionReviews
    .filter(({ page }) => !page)
    .map(({ region }) => didNotAnswerMessage(region.applicationName))
  const names = toEnumeration(regionReviews.map(({ region }) => region.applicationName))
  return {
    complete: unanswered.length === 0,
    message: toSentences(unanswered.length === 0 ? [completeMessage(names)] : unanswered),
  }
}

/** One region's open reviews, newest first; null if it did not answer. */
export interface RegionReviews {
  readonly region: RegionConfiguration
  readonly page: Region.ReviewPage | null
}

/** A review with each region's position after it. */
export interface PositionedReview {
  readonly region: RegionConfiguration
  readonly review: Region.OverrideReview
  readonly positions: ReviewPositions
}

/**
 * Merges the newest `first` reviews of all regions, and tells whether those that answered have more. At one instant,
 * the regions' order decides.
 */
export function mergeReviews(
  regionReviews: readonly RegionReviews[],
  first: number,
  before: ReviewPositions,
): { readonly merged: readonly PositionedReview[]; readonly hasMore: boolean } {
  const queues = regionReviews.map(({ region, page }) => ({ region, reviews: [...(page?.reviews ?? [])] }))
  const positions = new Map(before)
  const merged: PositionedReview[] = []
  while (merged.length < first) {
    const newest = queues.reduce(
      (best, queue) => (toReviewMs(queue.reviews[0]) > toReviewMs(best?.reviews[0]) ? queue : best),
      queues[0],
    )
    const review = newest?.reviews.shift()
    if (!newest || !review) break
    positions.set(newest.region.code, review.position)
    merged.push({ region: newest.region, review, positions: new Map(positions) })
  }
  return {
    merged,
    hasMore: queues.some(({ reviews }) => reviews.length > 0) || regionReviews.some(({ page }) => page?.hasMore),
  }
}

function toReviewMs(review: Region.OverrideReview | undefined): number {
  return review ? Date.parse(review.at) : Number.NEGATIVE_INFINITY
}
