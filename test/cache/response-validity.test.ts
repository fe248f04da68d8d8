import { expect, test } from 'vitest'
import { RequestRecorder } from '../../gateway/observability/metrics/request-recorder.ts'
import {
  type CachedResponse,
  createResponseCache,
  createResponseStore,
} from '../../gateway/operation/response-cache.ts'
import { viewerOf } from '../support/cache/model-viewer.ts'

const { holder } = viewerOf('0')
const recorder = new RequestRecorder({ onView() {}, onFinished() {} }, 0, 0, null)
const noon = Date.UTC(2026, 10, 28, 12)

/**
 * An answer of two parts that is kept at noon, and has been given once; `looks` counts how often all of it was looked
 * at.
 */
async function keep(untilMs: number = noon + 30_000) {
  const world = { nowMs: noon, told: 1, isCurrent: true, looks: 0, holds: true }
  const part = (untilMs: number): CachedResponse['dependencies'][number] => ({
    validity: {
      isValid() {
        world.looks++
        return world.holds
      },
      untilMs,
    },
    events: [],
    views: [],
  })
  const answers = createResponseCache({
    store: createResponseStore<CachedResponse>(100_000),
    regions: ['A', 'B'],
    feeds: {
      isCurrent: (region) => region === 'A' || world.isCurrent,
      get version() {
        return world.told
      },
    },
    admits: () => true,
    recordCachedViews: async () => {},
    onLookup() {},
    now: () => world.nowMs,
  })
  answers.set(holder, 'body', {
    bytes: Buffer.from('{}'),
    query: '{ a }',
    dependencies: [part(noon + 3 * 3_600_000), part(untilMs)],
  })
  const isGiven = async () => (await answers.get(holder, 'body', recorder)) !== null
  await isGiven()
  world.looks = 0
  return Object.assign(world, { isGiven })
}

test('a cached response is not revalidated while no feed reports a change and no part expires', async () => {
  const world = await keep()
  world.nowMs += 29_999
  expect([await world.isGiven(), world.looks]).toEqual([true, 0])
})

test.each<[string, (world: { nowMs: number; told: number }) => void]>([
  ['after a feed event', (world) => world.told++],
  ['when one of its parts expires', (world) => (world.nowMs += 30_000)],
  ['after the clock is set back', (world) => (world.nowMs -= 1)],
])('a cached response is revalidated whole %s', async (_, change) => {
  const world = await keep()
  change(world)
  world.holds = false
  expect([await world.isGiven(), world.looks]).toEqual([false, 1])
})

test('a cached response is revalidated when an hour begins, because rules may change at midnight', async () => {
  const world = await keep(noon + 3 * 3_600_000)
  // Looked at last, and good, just before one.
  world.nowMs = noon + 3_600_000 - 10_000
  world.told++
  await world.isGiven()
  world.holds = false
  world.nowMs = noon + 3_600_000
  expect(await world.isGiven()).toBe(false)
})

test("a cached response is not given while a region's feed is disconnected, even before the disconnection is reported", async () => {
  const world = await keep()
  world.isCurrent = false
  expect(await world.isGiven()).toBe(false)
})
