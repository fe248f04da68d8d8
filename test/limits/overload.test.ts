import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createConcurrencyLimiter } from '../../gateway/server/concurrency-limiter.ts'
import { monitorEventLoopLag } from '../../gateway/server/event-loop-lag.ts'
import { createCountingDisk } from '../support/audit/counting-disk.ts'
import { executionPaths, sendOperation } from '../support/limits/send-operation.ts'
import { type System, startSystem } from '../support/system.ts'

/** Regions that answer nothing until they are let go, and then fail. */
async function holdRegions() {
  const held: ServerResponse[] = []
  let isLetGo = false
  const fail = (response: ServerResponse) => response.writeHead(500).end()
  const server = createServer((request, response) => {
    if (request.method !== 'POST' || isLetGo) return fail(response)
    held.push(response)
    server.emit('held')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => held.length,
    /** Resolves when so many requests are held. */
    async holds(count: number) {
      while (held.length < count) await once(server, 'held')
    },
    letGo() {
      isLetGo = true
      for (const response of held) fail(response)
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

describe('the limit of concurrent operations', () => {
  let system: System
  let token: string
  beforeAll(async () => {
    system = await startSystem()
    token = await system.token()
  })
  afterAll(() => system[Symbol.asyncDispose]())

  test.each(executionPaths)(
    'the gateway refuses the next operation at once, answers health, loses none, and reuses a slot that is free (%s)',
    async (_, way) => {
      await using regions = await holdRegions()
      const url = await system.another({
        maxInFlight: 2,
        deadlineMs: 120_000,
        regions: system.regions.map((region) => ({ ...region, url: regions.url, timeMs: 60_000 })),
      })
      const patient = (nhsNumber: string) =>
        sendOperation(
          url,
          { query: `{ patient(nhsNumber: "${nhsNumber}") { completeness { regions { status } } } }` },
          { token, mediaType: way },
        )
      const inFlight = [patient('9990000018'), patient('9990000026')]
      await regions.holds(4)

      for (const [, other] of executionPaths) {
        const { status, codes, headers } = await sendOperation(
          url,
          { query: '{ viewer { id } }' },
          { token, mediaType: other },
        )
        expect([status, codes, headers.get('retry-after')]).toEqual([503, ['OVERLOADED'], '1'])
      }
      expect((await patient('9990000034')).status).toBe(503)
      for (const path of ['/livez', '/readyz']) expect((await fetch(`${url}${path}`)).status).toBe(200)
      expect(regions.asked()).toBe(4)

      regions.letGo()
      for (const { status, text } of await Promise.all(inFlight)) {
        expect([status, JSON.parse(text)]).toEqual([
          200,
          { data: { patient: { completeness: { regions: [{ status: 'FAILED' }, { status: 'FAILED' }] } } } },
        ])
      }
      expect((await patient('9990000034')).status).toBe(200)
    },
  )

  test.each(executionPaths)(
    'one person holds no more slots than the limit per person, and leaves the others free (%s)',
    async (_, way) => {
      await using regions = await holdRegions()
      const url = await system.another({
        maxInFlightPerPerson: 2,
        deadlineMs: 120_000,
        regions: system.regions.map((region) => ({ ...region, url: regions.url, timeMs: 60_000 })),
      })
      const patient = (nhsNumber: string) =>
        sendOperation(url, { query: `{ patient(nhsNumber: "${nhsNumber}") { presence } }` }, { token, mediaType: way })
      const inFlight = [patient('9990000018'), patient('9990000026')]
      await regions.holds(4)
      for (const [, other] of executionPaths) {
        const { status, codes, headers } = await sendOperation(
          url,
          { query: '{ viewer { id } }' },
          { token, mediaType: other },
        )
        expect([status, codes, headers.get('retry-after')]).toEqual([429, ['TOO_MANY_OPERATIONS'], '1'])
      }
      expect(
        (
          await sendOperation(
            url,
            { query: '{ viewer { id } }' },
            { token: await system.token({ person: '901' }), mediaType: way },
          )
        ).status,
      ).toBe(200)
      regions.letGo()
      await Promise.all(inFlight)
      expect((await sendOperation(url, { query: '{ viewer { id } }' }, { token, mediaType: way })).status).toBe(200)
    },
  )

  test('a page of another site is refused as soon, before its token is read, and may read the reason', async () => {
    await using regions = await holdRegions()
    const origin = 'https://viewer.nhs.example'
    const url = await system.another({
      maxInFlight: 1,
      corsOrigins: [origin],
      deadlineMs: 120_000,
      regions: system.regions.map((region) => ({ ...region, url: regions.url, timeMs: 60_000 })),
    })
    const inFlight = sendOperation(url, { query: '{ patient(nhsNumber: "9990000018") { presence } }' }, { token })
    await regions.holds(2)
    const { status, codes, headers } = await sendOperation(
      url,
      { query: '{ viewer { id } }' },
      { token: 'none', headers: { origin } },
    )
    expect([status, codes, headers.get('access-control-allow-origin')]).toEqual([503, ['OVERLOADED'], origin])
    expect(
      (await sendOperation(url, { query: '{ viewer { id } }' }, { token, headers: { origin: 'https://evil.example' } }))
        .status,
    ).toBe(403)
    regions.letGo()
    expect((await inFlight).status).toBe(200)
  })

  test('the gateway answers as many of a burst of operations as the limit allows, and refuses the others', async () => {
    const url = await system.another({ maxInFlight: 3 })
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        sendOperation(
          url,
          { query: '{ patient(nhsNumber: "9990000018", noCache: true) { presence } }' },
          { token, mediaType: executionPaths[n % 2]?.[1] },
        ),
      ),
    )
    const statuses = outcomes.map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([200, 503]))
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(3)
    // None is left behind that holds its place.
    for (let n = 0; n < 4; n++)
      expect(
        (await sendOperation(url, { query: '{ viewer { id } }' }, { token, mediaType: executionPaths[n % 2]?.[1] }))
          .status,
      ).toBe(200)
  })

  test.each(executionPaths)('refused and failed operations release their slots (%s)', async (_, way) => {
    const url = await system.another({ maxInFlight: 1 })
    for (const body of [
      { query: '{ nonsense }' },
      { query: '{ viewer { id } } }' },
      { query: '{ patient(nhsNumber: "1") { presence } }' },
      { documentId: 'none' },
      { query: 1 },
      [],
    ]) {
      await sendOperation(url, body, { token, mediaType: way })
      expect(
        (await sendOperation(url, { query: '{ viewer { id } }' }, { token, mediaType: way })).status,
        JSON.stringify(body),
      ).toBe(200)
    }
  })

  test.each(executionPaths)(
    'the slot of a client that hangs up is released when its work is done, and not before (%s)',
    async (_, way) => {
      await using regions = await holdRegions()
      const url = await system.another({
        maxInFlight: 1,
        deadlineMs: 120_000,
        regions: system.regions.map((region) => ({ ...region, url: regions.url, timeMs: 60_000 })),
      })
      const leaving = new AbortController()
      const left = fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': way, authorization: `Bearer ${token}` },
        body: '{"query":"{ patient(nhsNumber: \\"9990000018\\") { presence } }"}',
        signal: leaving.signal,
      })
      await regions.holds(2)
      leaving.abort()
      await expect(left).rejects.toThrow()
      const viewer = async () =>
        (await sendOperation(url, { query: '{ viewer { id } }' }, { token, mediaType: way })).status
      expect(await viewer()).toBe(503)
      regions.letGo()
      await expect.poll(viewer).toBe(200)
    },
  )
})

test('a draining gateway answers as many operations as before', async () => {
  const { promise: written, resolve: letWrite } = Promise.withResolvers<void>()
  const disk = createCountingDisk()
  await using system = await startSystem({ auditDisk: disk })
  const token = await system.token()
  disk.before = () => written
  const patient = async () =>
    (await sendOperation(system.url, { query: '{ patient(nhsNumber: "9990000018") { presence } }' }, { token })).status
  const inFlight = Array.from({ length: 40 }, patient)
  await expect.poll(() => Math.min(...Object.values(system.requests()))).toBeGreaterThan(0)
  const closed = system.gateway.close({ drainMs: 1500 })
  const statuses: number[] = []
  try {
    for (;;) statuses.push((await sendOperation(system.url, { query: '{ viewer { id } }' }, { token })).status)
  } catch {
    // Nothing listens any more.
  }
  letWrite()
  expect(await Promise.all(inFlight)).toEqual(Array(40).fill(200))
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(statuses.length / 2)
  await closed
})

describe('slots', () => {
  test('the limiter has the configured number of slots, and each is released once', () => {
    const places = createConcurrencyLimiter({ maxConcurrent: 2 })
    const [first, second] = [places.acquire(), places.acquire()]
    expect([places.isFull(), places.acquire()]).toEqual([true, null])
    first?.()
    first?.()
    expect(places.isFull()).toBe(false)
    expect(places.acquire()).not.toBeNull()
    expect(places.acquire()).toBeNull()
    second?.()
    expect(places.isFull()).toBe(false)
  })

  test('the limiter shrinks while the process lags, and has its full size when it does not', () => {
    let delayMs = 0
    const places = createConcurrencyLimiter({ maxConcurrent: 256, eventLoopLagMs: () => delayMs })
    const take = (count: number) =>
      Array.from({ length: count }, () => places.acquire()).filter((place) => place !== null)
    const taken = take(200)
    expect(taken.length).toBe(200)
    delayMs = 101
    expect(take(10)).toEqual([])
    for (const leave of taken) leave()
    expect(take(50).length).toBe(32)
    delayMs = 100
    expect(take(300).length).toBe(224)
  })

  /**
   * Places of which all that there are, `offered` at the most, are taken at a time, until each has been held as long as
   * it takes beside so many; their number.
   */
  function placesUnderLoad(offered = 1000) {
    let nowMs = 0
    const places = createConcurrencyLimiter({ maxConcurrent: 256, slowMs: 500, clock: () => nowMs })
    const held: { readonly untilMs: number; readonly leave: () => void }[] = []
    const fill = (takesMs: (beside: number) => number) => {
      while (held.length < offered) {
        const leave = places.acquire()
        if (!leave) return
        held.push({ untilMs: nowMs + takesMs(held.length), leave })
      }
    }
    return {
      /** So many answers. */
      answer(count: number, takesMs: (beside: number) => number): number {
        for (let n = 0; n < count; n++) {
          fill(takesMs)
          const next = held.reduce((first, one) => (one.untilMs < first.untilMs ? one : first))
          nowMs = Math.max(nowMs, next.untilMs)
          held.splice(held.indexOf(next), 1)
          next.leave()
        }
        fill(takesMs)
        return held.length
      },
    }
  }

  test('the limiter shrinks to what completes in half a second while more operations make it slower, and grows again', () => {
    const load = placesUnderLoad()
    // A store that does a hundred in a second.
    const waiting = (beside: number) => (beside + 1) * 10
    load.answer(3000, waiting)
    for (let n = 0; n < 20; n++) {
      const inFlight = load.answer(100, waiting)
      expect(inFlight).toBeGreaterThanOrEqual(32)
      expect(inFlight).toBeLessThanOrEqual(70)
    }
    expect(load.answer(7000, () => 20)).toBeGreaterThan(200)
  })

  test('the limiter keeps the process busy while a store takes longer than anybody waits, and has 200 slots again within 6000 quick answers', () => {
    const load = placesUnderLoad()
    expect(load.answer(500, () => 3000)).toBe(32)
    expect(load.answer(6000, () => 20)).toBeGreaterThanOrEqual(200)
  })

  test.each([
    ['alone', () => 1500],
    ['as one operation of five, with the others answered from the cache', (n: number) => (n % 5 === 0 ? 1500 : 1)],
  ])('the limiter has slots for 150 operations beside a region that takes 1.5 s for each, %s', (_, takesMs) => {
    const load = placesUnderLoad(150)
    let asked = 0
    expect(load.answer(10_000, () => takesMs(asked++))).toBe(150)
  })

  test('the limiter keeps its size beside a slow region while few slots are taken', () => {
    let nowMs = 0
    const places = createConcurrencyLimiter({ maxConcurrent: 256, slowMs: 500, clock: () => nowMs })
    for (let n = 0; n < 1000; n++) {
      const leave = places.acquire()
      nowMs += 2000
      leave?.()
    }
    expect(Array.from({ length: 200 }, () => places.acquire()).filter((place) => place !== null).length).toBe(128)
  })

  test('the event-loop lag counts once something blocks the loop, during it and after it', async () => {
    using loop = monitorEventLoopLag()
    const block = (ms: number) => {
      const until = performance.now() + ms
      while (performance.now() < until);
    }
    block(80)
    expect(loop.lagMs()).toBeGreaterThanOrEqual(59)
    await new Promise((resolve) => setTimeout(resolve, 1))
    expect(loop.lagMs()).toBeGreaterThanOrEqual(0)
    await expect.poll(loop.lagMs, { timeout: 30_000 }).toBeLessThan(59)
  })
})
