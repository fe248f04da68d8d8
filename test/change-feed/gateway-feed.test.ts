import { expect, test, vi } from 'vitest'
import { createGateway } from '../../gateway/gateway.ts'
import { createTrailFolder, secrets } from '../support/audit/trail-folder.ts'
import { createFeedStore } from '../support/change-feed/feed-store.ts'
import { untilPollingStops } from '../support/change-feed/until-polling-stops.ts'
import { type System, startSystem } from '../support/system.ts'

async function connected(system: System): Promise<Record<string, boolean>> {
  const { data } = await system.query('{ regions { code health { feedConnected } } }')
  return Object.fromEntries(
    data.regions.map((region: { code: string; health: { feedConnected: boolean } }) => [
      region.code,
      region.health.feedConnected,
    ]),
  )
}

test("the gateway says which regions' feeds are connected, and notices one that is gone and one that is back", async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  await using system = await startSystem()
  await vi.waitFor(async () =>
    expect(await connected(system)).toEqual({ CHESHIRE_MERSEYSIDE: true, LANCASHIRE_SOUTH_CUMBRIA: true }),
  )
  await system.stop('lancashire-south-cumbria')
  await vi.waitFor(
    async () => expect(await connected(system)).toEqual({ CHESHIRE_MERSEYSIDE: true, LANCASHIRE_SOUTH_CUMBRIA: false }),
    10_000,
  )
  await system.restart('lancashire-south-cumbria')
  await vi.waitFor(
    async () => expect(await connected(system)).toEqual({ CHESHIRE_MERSEYSIDE: true, LANCASHIRE_SOUTH_CUMBRIA: true }),
    10_000,
  )
})

test('gateway and stores close promptly with open feeds, in either order', async () => {
  const stores = await startSystem()
  await vi.waitFor(async () => expect(Object.values(await connected(stores))).toEqual([true, true]))
  const startedAt = performance.now()
  await stores.stop('cheshire-merseyside')
  await stores.stop('lancashire-south-cumbria')
  await stores[Symbol.asyncDispose]()
  const gatewayFirst = await startSystem()
  await vi.waitFor(async () => expect(Object.values(await connected(gatewayFirst))).toEqual([true, true]))
  const closedAt = performance.now()
  await gatewayFirst[Symbol.asyncDispose]()
  expect([closedAt - startedAt, performance.now() - closedAt].every((ms) => ms < 5000)).toBe(true)
})

test('a closed gateway is no longer subscribed, although its store continues', async () => {
  await using store = await createFeedStore()
  using folder = createTrailFolder()
  const gateway = createGateway({
    regions: [store.region],
    verifyToken: () => Promise.reject(new Error('No viewer asks here')),
    assertionKey: store.assertionKey,
    secrets,
    trail: await folder.open(),
    log: () => {},
  })
  await gateway.listen({ port: 0 })
  await vi.waitFor(() => expect(store.looks).toBeGreaterThan(10))
  await gateway.close()
  await untilPollingStops(store)
})
