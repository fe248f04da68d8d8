import { expect, test } from 'vitest'
import { createCoherentReplyCache } from '../../gateway/regions/coherent-reply-cache.ts'
import { createRequestCoalescer } from '../../gateway/regions/request-coalescer.ts'
import { createModelRegion } from '../support/cache/model-region.ts'
import { toIdentity, viewerOf } from '../support/cache/model-viewer.ts'
import { createVirtualClock } from '../support/cache/virtual-clock.ts'
import { threeRegions } from '../support/patient-view/three-regions.ts'

const nhsNumber = '9990000018'
const viewer = viewerOf('0')

/**
 * Two who ask the same, one after the other, while the region's reply is on its way; what happens in between. How many
 * requests the region had.
 */
async function askTwice(
  maxBytes: number,
  meanwhile: (world: { isCurrent: boolean; changed: () => void }) => void = () => {},
  isCurrent = true,
): Promise<number> {
  const [region] = threeRegions
  if (!region) throw new Error('Expected a region')
  const timetable = createVirtualClock(0)
  const world = { isCurrent, changed: () => cache.invalidatePatient(region.code, nhsNumber, 8) }
  const cache = createCoherentReplyCache({
    regions: [region.code],
    isCurrent: () => world.isCurrent,
    maxBytes,
    now: () => timetable.nowMs,
  })
  const shared = createRequestCoalescer({ cache, now: () => timetable.nowMs })
  const model = createModelRegion(region, timetable)
  const ask = { nhsNumbers: [nhsNumber], context: viewer.context, sections: [], records: null, noCache: false }
  const asking = () =>
    shared.fetch(model.client, [ask], {
      holder: viewer.holder,
      credentials: async () => ({ viewer: viewer.holder.id, token: toIdentity(viewer), assertion: '' }),
    })
  const both: Promise<unknown>[] = []
  await timetable.runNow(() => both.push(asking()))
  meanwhile(world)
  await timetable.runNow(() => both.push(asking()))
  await timetable.advance(1000)
  await Promise.all(both)
  return model.requests
}

test("two viewers' equal requests at once share one call, whether or not its reply may be cached", async () => {
  expect([await askTwice(100_000), await askTwice(0)]).toEqual([1, 1])
})

test('equal requests make two calls when a change was received in between, whether or not replies may be cached', async () => {
  expect([await askTwice(100_000, ({ changed }) => changed()), await askTwice(0, ({ changed }) => changed())]).toEqual([
    2, 2,
  ])
})

test("equal requests make two calls while the region's feed is disconnected, because no change would be received", async () => {
  const silenced = (world: { isCurrent: boolean }) => {
    world.isCurrent = false
  }
  expect([await askTwice(100_000, silenced), await askTwice(100_000, () => {}, false)]).toEqual([2, 2])
})
