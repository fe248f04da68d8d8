import { expect, test } from 'vitest'
import { createFeedStore } from '../support/change-feed/feed-store.ts'
import { recordFeed } from '../support/change-feed/recorded-feed.ts'
import { createCuttableProxy } from '../support/http/cuttable-proxy.ts'
import { startStubRegion } from '../support/http/stub-region.ts'
import { numberOf } from '../support/store/publications.ts'

test('the gateway leaves a silent connection after three seconds, logs it once, and receives the lost changes on the next one', async () => {
  await using system = await createFeedStore()
  await using proxy = await createCuttableProxy(system.region.url)
  await using heard = recordFeed(system, { url: proxy.url })
  await heard.until(() => heard.feed.isCurrent)
  proxy.swallow()
  await system.commit(numberOf(0))
  heard.advance(2000)
  expect(heard.feed.isCurrent).toBe(true)
  heard.advance(1000)
  expect(heard.feed.isCurrent).toBe(false)
  await heard.until(() => heard.received.length > 0)
  heard.advance(60_000)
  await heard.until(() => proxy.taken > 1)
  proxy.mend()
  await heard.until(() => heard.feed.isCurrent && heard.received.length > 1)
  expect(heard.received).toEqual(['silence', `change 1 consent ${numberOf(0)}`])
  heard.advance(3000)
  await heard.until(() => heard.received.length > 2)
  expect(heard.received.at(-1)).toBe('silence')
})

test('heartbeats keep a region current while nothing is committed, and a short disconnection does not end that', async () => {
  await using system = await createFeedStore()
  await using proxy = await createCuttableProxy(system.region.url)
  await using heard = recordFeed(system, { url: proxy.url })
  await heard.until(() => heard.feed.isCurrent)
  const first = heard.feed.lastReceivedAtMs ?? 0
  await heard.until(() => (heard.feed.lastReceivedAtMs ?? 0) > first + 900)
  heard.advance(1500)
  proxy.cut()
  expect(heard.feed.isCurrent).toBe(true)
  proxy.mend()
  // By the clock that was moved: something of the new connection.
  await heard.until(() => (heard.feed.lastReceivedAtMs ?? 0) > first + 2400)
  heard.advance(1500)
  expect(heard.feed.isCurrent).toBe(true)
  expect(heard.received).toEqual([])
})

test('a store that cannot be read sends no heartbeat', async () => {
  let fails = false
  await using system = await createFeedStore()
  const sequence = async () => {
    if (fails) throw new Error('The database is gone')
    return system.store.sequence()
  }
  await system.stop()
  await system.restart({ store: { ...system.store, sequence } })
  await using heard = recordFeed(system)
  await heard.until(() => heard.feed.isCurrent)
  fails = true
  await heard.until(() => heard.received.includes('silence'))
  fails = false
  await heard.until(() => heard.feed.isCurrent)
  expect(heard.received).toEqual(['silence'])
  expect(system.logged.filter((entry) => JSON.stringify(entry).includes('cannot ask its store'))).toHaveLength(1)
})

test.each([
  ['without a feed', { status: 404, body: '{}' }, 'Change feed: expected HTTP 200, found 404'],
  ['with GraphQL in its place', { body: '{"data":null}' }, 'the region ended it'],
  [
    'with changes before a greeting',
    { body: `id: 1\nevent: change\ndata: {"sequence":1,"kind":"publish","nhsNumber":"${numberOf(0)}"}\n\n` },
    'Change feed: expected one hello, before all else',
  ],
  [
    'with an empty greeting',
    { body: 'event: hello\ndata: {}\n\n' },
    'Change feed: expected the data of the event hello',
  ],
  [
    'with an event without end',
    { body: `data: ${'9'.repeat(70_000)}` },
    'Change feed: expected events of at most 65536 characters',
  ],
])('a region that answers %s counts as disconnected, and no text of it is logged', async (_, answer, reason) => {
  await using server = await startStubRegion(() => answer)
  await using system = await createFeedStore()
  await using heard = recordFeed(system, { url: server.url })
  await heard.until(() => server.paths.length > 1)
  heard.advance(3000)
  await heard.until(() => heard.received.length > 0)
  expect(heard.received).toEqual(['silence'])
  expect(heard.feed.isCurrent).toBe(false)
  expect(heard.logged).toEqual([['The change feed of CHESHIRE_MERSEYSIDE is silent', reason]])
})
