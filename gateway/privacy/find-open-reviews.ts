import { fault } from '../../schema/graphql-errors.ts'
import { toOwnContext } from '../consent/own-context.ts'
import type { RegionClient } from '../regions/region-client.ts'
import { runRegionOperation } from '../regions/region-operation.ts'
import type { RequestContext } from '../request-context.ts'
import { completeWords, didNotAnswer, toEnumeration, toSentences } from '../view/words.ts'
import { mergeReviews, type ReviewsOfRegion } from './merge-reviews.ts'
import { type PageArgs, toPageSize } from './page-size.ts'
import type { PrivacyAnswer } from './privacy-resolvers.ts'
import type { ReviewCursors } from './review-cursor.ts'
import { toConnection } from './to-connection.ts'
import { toOverrideReview } from './to-override-review.ts'

export interface OpenReviewsOptions {
  readonly clients: readonly RegionClient[]
  readonly cursors: ReviewCursors
}

/**
 * A page of the officer's open reviews: every region tells which are theirs to do. A region that does not answer is named, keeps its place in
 * the cursors, and is asked again with the next page. Throws BAD_CURSOR and FIRST_OUT_OF_RANGE.
 */
export async function findOpenReviews({ clients, cursors }: OpenReviewsOptions, args: PageArgs, request: RequestContext): Promise<PrivacyAnswer> {
  const { holder, credentialsFor } = request
  const first = toPageSize(args)
  const { after } = args
  const before = typeof after === 'string' ? cursors.parse(after) : new Map<string, string>()
  if (!before) throw fault('BAD_CURSOR', 'Expected a cursor of an earlier page.')
  const parts = await Promise.all(
    clients.map(async (client): Promise<ReviewsOfRegion> => {
      const { region } = client
      const credentials = await credentialsFor(region.code, toOwnContext(holder))
      const outcome = await runRegionOperation(client, 'openReviews', { first, after: before.get(region.code) ?? null }, credentials, request)
      return { region, page: outcome.status === 'REPLIED' ? outcome.reply : null }
    }),
  )
  const { placed, hasMore } = mergeReviews(parts, first, before)
  const edges = placed.map(({ region, review, positions }) => ({ cursor: cursors.print(positions), node: toOverrideReview(review, region) }))
  return {
    answer: { ...toConnection(edges, { hasNextPage: hasMore, after }), ...toCompleteness(parts), openCount: parts.reduce((sum, { page }) => sum + (page?.openCount ?? 0), 0) },
    status: 'ANSWERED',
    items: edges.length,
  }
}

function toCompleteness(parts: readonly ReviewsOfRegion[]): { readonly complete: boolean; readonly message: string } {
  const silent = parts.filter(({ page }) => !page).map(({ region }) => didNotAnswer(region.applicationName))
  const names = toEnumeration(parts.map(({ region }) => region.applicationName))
  return { complete: silent.length === 0, message: toSentences(silent.length === 0 ? [completeWords(names)] : silent) }
}
