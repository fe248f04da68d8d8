import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import type { ChangeMark } from '../../schema/change-event.ts'
import { type ChangePoller, createChangePoller } from '../../subgraphs/change-feed/change-poller.ts'
import { createChangeStream } from '../../subgraphs/change-feed/change-stream.ts'
import { createFeedStore, type FeedStore } from '../support/change-feed/feed-store.ts'
import { recordFeed } from '../support/change-feed/recorded-feed.ts'
import { untilPollingStops } from '../support/change-feed/until-polling-stops.ts'
import { numberOf, patient, publication } from '../support/store/publications.ts'

test('a hundred subscribers receive every change from one poll and one read of the store', async () => {
  await using system = await createFeedStore()
  let reads = 0
  const changesAfter: FeedStore['store']['readChangesAfter'] = (sequence, limit) => {
    reads++
    return system.store.readChangesAfter(sequence, limit)
  }
  await system.stop()
  await system.restart({ store: { ...system.store, readChangesAfter: changesAfter } })
  const all = Array.from({ length: 100 }, () => recordFeed(system))
  await Promise.all(all.map((heard) => heard.until(() => heard.feed.isCurrent)))
  const before = { looks: system.looks, atMs: performance.now() }
  for (let index = 0; index < 20; index++) {
    await system.commit(numberOf(index))
    await Promise.all(all.map((heard) => heard.until(() => heard.received.length === index + 1)))
  }
  const expected = Array.from({ length: 20 }, (_, index) => `change ${index + 1} consent ${numberOf(index)}`)
  for (const heard of all) expect(heard.received).toEqual(expected)
  expect(reads).toBe(20)
  // Ours to learn the sequence apart.
  expect(system.looks - before.looks - 20).toBeLessThanOrEqual((performance.now() - before.atMs) / 10 + 1)
  await Promise.all(all.map((heard) => heard.feed.close()))
})

test('the feed polls the store while it has a subscriber, and no longer', async () => {
  await using system = await createFeedStore()
  expect(system.looks).toBe(0)
  const heard = recordFeed(system)
  await heard.until(() => system.looks > 10)
  await heard.feed.close()
  await untilPollingStops(system)
})

test('the feed drops a subscriber whose connection breaks, even one that does not read', async () => {
  await using system = await createFeedStore()
  const headers = Object.entries(await system.headers()).map(([name, value]) => `${name}: ${value}\r\n`)
  const socket = connect(Number(new URL(system.region.url).port), '127.0.0.1')
  socket.write(`GET /changes HTTP/1.1\r\nhost: store\r\nlast-event-id: 0\r\n${headers.join('')}\r\n`)
  await once(socket, 'data')
  socket.pause()
  await system.store.publish(
    Array.from({ length: 3000 }, (_, index) => publication({ patients: [patient(index % 20)] })),
  )
  socket.resetAndDestroy()
  await untilPollingStops(system)
})

test('the feed drops a subscriber who leaves before anything is sent', async () => {
  await using system = await createFeedStore()
  const leaving = new AbortController()
  const response = await system.fetch(
    new Request(`${system.region.url}/changes`, { headers: await system.headers(), signal: leaving.signal }),
  )
  expect(response.status).toBe(200)
  leaving.abort()
  // Nobody reads the body, so nobody cancels it.
  await untilPollingStops(system)
})

test('a store with subscribers closes promptly, and ends their streams', async () => {
  await using system = await createFeedStore()
  const responses = await Promise.all(Array.from({ length: 10 }, () => system.open()))
  const ends = responses.map((response) => response.text())
  const startedAt = performance.now()
  await system.stop()
  expect(performance.now() - startedAt).toBeLessThan(1000)
  for (const text of await Promise.all(ends)) expect(text).toMatch(/^id: 0\nevent: hello\n/)
})

test('the feed reads changes from the store only as fast as the subscriber reads them', async () => {
  await using system = await createFeedStore()
  let reads = 0
  const store: FeedStore['store'] = {
    ...system.store,
    readChangesAfter: (sequence, limit) => {
      reads++
      return system.store.readChangesAfter(sequence, limit)
    },
  }
  for (let index = 0; index < 30; index++) await system.commit(numberOf(index))
  const log = () => {}
  const watch = createChangePoller({ store, maxBatch: 10, log })
  const stream = createChangeStream({
    poller: watch,
    startMark: await watch.poll(),
    after: 0,
    flagged: { sequence: 0, nhsNumbers: [] },
    policyVersion: 'v',
    onEnd: () => {},
    log,
  })
  const reader = stream.body.getReader()
  await reader.read()
  await reader.read()
  expect(reads).toBe(0)
  await reader.read()
  expect(reads).toBe(1)
  await reader.read()
  await reader.read()
  expect(reads).toBe(3)
  await reader.cancel()
})

test('a subscriber who catches up on many changes receives heartbeats between them', async () => {
  let see = (_: ChangeMark) => {}
  const watch: ChangePoller = {
    poll: () => Promise.reject(new Error('Not asked here')),
    subscribe: (seen) => {
      see = seen
      return () => {}
    },
    readAfter: async (sequence) => ({ bytes: new TextEncoder().encode('changes'), last: sequence + 1 }),
  }
  const stream = createChangeStream({
    poller: watch,
    startMark: { sequence: 100, clockMs: 0 },
    after: 0,
    flagged: { sequence: 0, nhsNumbers: [] },
    policyVersion: 'v',
    onEnd: () => {},
    log: () => {},
  })
  const reader = stream.body.getReader()
  const read = async () => new TextDecoder().decode((await reader.read()).value)
  expect(await read()).toContain('event: hello')
  expect(await read()).toContain('event: flags')
  expect(await read()).toBe('changes')
  see({ sequence: 200, clockMs: 1000 })
  expect(await read()).toBe('id: 1\nevent: heartbeat\ndata: {"sequence":200,"clockMs":1000}\n\n')
  expect(await read()).toBe('changes')
  stream.end()
  expect((await reader.read()).done).toBe(true)
})
