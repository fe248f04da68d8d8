import { array, assert, integer, property, record, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { mergeReviews } from '../../gateway/privacy-officer/find-open-reviews.ts'
import { createReviewCursorCodec, type ReviewPositions } from '../../gateway/privacy-officer/review-cursor.ts'
import type { OverrideReview, ReviewPage } from '../../schema/generated/region.ts'
import { loadTestRegions } from '../support/test-regions.ts'

const regions = loadTestRegions()
const cursors = createReviewCursorCodec(new Uint8Array(32).fill(7))

/** A region's open reviews as its store orders them, from instants in seconds. */
function toReviews(slug: string, seconds: readonly number[]): readonly OverrideReview[] {
  return seconds
    .toSorted((a, b) => b - a)
    .map((second, index) => ({
      grant: `${slug}.${index}`,
      position: String(index + 1),
      at: new Date(second * 1000).toISOString(),
      barrier: 'PERMISSION',
      reason: 'EMERGENCY',
      justification: 'Unconscious in resus',
      person: '1',
      organisation: 'REM',
      office: 'REGION',
      dueBy: new Date(second * 1000).toISOString(),
      outcome: null,
      reviewedAt: null,
    }))
}

/** A store's answer: the reviews behind a position. */
function read(reviews: readonly OverrideReview[], first: number, after: string | undefined): ReviewPage {
  const start = Number(after ?? 0)
  return {
    reviews: reviews.slice(start, start + first),
    hasMore: reviews.length > start + first,
    openCount: reviews.length,
  }
}

const seconds = array(integer({ min: 0, max: 8 }), { maxLength: 8 })

test('pages of any size, from one cursor to the next, show every review once and newest first', () => {
  assert(
    property(record({ held: tuple(seconds, seconds), first: integer({ min: 1, max: 6 }) }), ({ held, first }) => {
      const reviews = regions.map(({ slug }, index) => toReviews(slug, held[index] ?? []))
      const shown: OverrideReview[] = []
      let before: ReviewPositions = new Map()
      for (let more = true; more; ) {
        const parts = regions.map((region, index) => ({
          region,
          page: read(reviews[index] ?? [], first, before.get(region.code)),
        }))
        const { merged: placed, hasMore } = mergeReviews(parts, first, before)
        expect(placed.length).toBeLessThanOrEqual(first)
        shown.push(...placed.map(({ review }) => review))
        before = cursors.parse(cursors.print(placed.at(-1)?.positions ?? before)) ?? new Map()
        more = hasMore
      }
      expect(new Set(shown.map(({ grant }) => grant)).size).toBe(shown.length)
      expect(shown.length).toBe(reviews.flat().length)
      expect(shown.map(({ at }) => at)).toEqual(shown.map(({ at }) => at).toSorted((a, b) => b.localeCompare(a)))
    }),
  )
})

test('a cursor signed with another secret, or altered, is refused', () => {
  const cursor = cursors.print(new Map([['CHESHIRE_MERSEYSIDE', '3']]))
  expect(cursors.parse(cursor)).toEqual(new Map([['CHESHIRE_MERSEYSIDE', '3']]))
  expect(createReviewCursorCodec(new Uint8Array(32).fill(8)).parse(cursor)).toBeNull()
  for (let index = 0; index < cursor.length; index++) {
    const changed = `${cursor.slice(0, index)}${cursor[index] === 'A' ? 'B' : 'A'}${cursor.slice(index + 1)}`
    expect(cursors.parse(changed)).toBeNull()
  }
})
