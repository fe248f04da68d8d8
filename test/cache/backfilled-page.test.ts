import { expect, test } from 'vitest'
import { createCoherentReplyCache } from '../../gateway/regions/coherent-reply-cache.ts'
import { readPage } from '../support/patient-view/model-regions.ts'
import { resultItem } from '../support/patient-view/region-items.ts'
import { threeRegions } from '../support/patient-view/three-regions.ts'

const [one, two] = threeRegions

test("a page is not cached when a region's backfill for it failed, and the complete replies beside it are", async () => {
  if (!one || !two) throw new Error('Expected two regions')
  const cache = createCoherentReplyCache({
    regions: [one.code, two.code],
    isCurrent: () => true,
    maxBytes: 1_000_000,
    now: Date.now,
  })
  const shared = resultItem({ kind: 'results', name: 'x', region: one.code, at: 5 })
  const held = [
    { region: one, items: [shared] },
    { region: two, items: [shared] },
  ]
  const first = await readPage(held, { first: 1, cache, fares: { [two.code]: ['FAILED', 'FAILED'] } })
  const after = first.timeline.pageInfo.endCursor
  const page = async (...fares: readonly ['answers' | 'FAILED', 'answers' | 'FAILED']) => {
    const { timeline, asks } = await readPage(held, { first: 5, cache, after, fares: { [one.code]: fares } })
    return { complete: timeline.complete, asked: asks.get(one.code)?.length }
  }
  expect(await page('answers', 'FAILED')).toEqual({ complete: false, asked: 2 })
  // Its page is kept, so it is asked once, and again fails.
  expect(await page('FAILED', 'FAILED')).toEqual({ complete: false, asked: 1 })
  expect(await page('answers', 'answers')).toEqual({ complete: true, asked: 1 })
  expect(await page('FAILED', 'FAILED')).toEqual({ complete: true, asked: 0 })
})
