import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createConcurrencyLimiter } from '../../gateway/server/concurrency-limiter.ts'
import { withLoadShedding } from '../../gateway/server/with-load-shedding.ts'
import { listen } from '../../schema/service/listen.ts'
import { RoutedRequest } from '../../schema/service/routed-request.ts'
import { gatewayRoutes } from '../../schema/service/routes.ts'
import { sendOperation } from '../support/limits/send-operation.ts'
import { type System, startSystem } from '../support/system.ts'

/** Regions whose contents begin and never end. */
async function startEndless() {
  const server = createServer(
    (_, response) => void response.writeHead(200, { 'content-type': 'text/plain' }).write('first'),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

describe('contents of documents', () => {
  let system: System
  let token: string
  let contentUrl: string
  const startMs = Date.now()
  beforeAll(async () => {
    system = await startSystem({ people: true })
    token = await system.token()
    const { data } = await system.query(
      '{ patient(nhsNumber: "9990000328") { documents { nodes { content { url } } } } }',
      {},
      token,
    )
    contentUrl = data.patient.documents.nodes.find(({ content }: { content: unknown }) => content !== null).content.url
  })
  afterAll(() => system[Symbol.asyncDispose]())

  const open = (gatewayUrl: string, signal: AbortSignal | null = null, bearer = token) =>
    fetch(`${gatewayUrl}${new URL(contentUrl).pathname}`, { headers: { authorization: `Bearer ${bearer}` }, signal })

  test('the gateway refuses contents beyond the limit and still answers operations, and a client that hangs up frees its slot', async () => {
    await using endless = await startEndless()
    const url = await system.another({
      maxInFlight: 2,
      regions: system.regions.map((region) => ({ ...region, url: endless.url })),
    })
    const reader = new AbortController()
    for (const response of [await open(url, reader.signal), await open(url, reader.signal)])
      expect(response.status).toBe(200)
    const refused = await open(url)
    expect([
      refused.status,
      refused.headers.get('retry-after'),
      (await refused.json()).errors[0].extensions.code,
    ]).toEqual([503, '1', 'OVERLOADED'])
    expect((await sendOperation(url, { query: '{ viewer { id } }' }, { token })).status).toBe(200)
    reader.abort()
    const again = async () => {
      const trying = new AbortController()
      const { status } = await open(url, trying.signal)
      trying.abort()
      return status
    }
    await expect.poll(again).toBe(200)
  })

  test('a content download counts as an operation of the person who requests it', async () => {
    const url = await system.another({ operationsPerMinute: 2, now: () => startMs })
    expect([(await open(url)).status, (await open(url)).status]).toEqual([200, 200])
    const refused = await open(url)
    expect([
      refused.status,
      refused.headers.get('retry-after'),
      (await refused.json()).errors[0].extensions.code,
    ]).toEqual([429, '30', 'TOO_MANY_OPERATIONS'])
    expect((await sendOperation(url, { query: '{ viewer { id } }' }, { token })).status).toBe(429)
    expect(
      (
        await sendOperation(
          url,
          { query: '{ viewer { id } }' },
          { token: await system.token({ person: '555036632199' }) },
        )
      ).status,
    ).toBe(200)
  })

  test('the gateway cuts off a content download that nobody reads, and its slot is free again', async () => {
    const places = createConcurrencyLimiter({ maxConcurrent: 1 })
    const { promise: cut, resolve: onCut } = Promise.withResolvers<void>()
    const endless = withLoadShedding(
      (_, response) => {
        const send = () => {
          while (response.write(Buffer.alloc(65_536)));
        }
        response.on('drain', send).once('close', onCut)
        send()
      },
      {
        operations: { limiter: createConcurrencyLimiter({ maxConcurrent: 1 }) },
        contents: { limiter: places, stallMs: 50 },
      },
    )
    const match = { status: 'matched', name: 'document', route: gatewayRoutes.document, parameter: 'x' } as const
    await using server = await listen(
      (request, response) => endless(request, response, new RoutedRequest(match, 'http://x')),
      { port: 0 },
    )
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1').pause()
    socket.on('error', () => {})
    socket.write('GET /documents/x HTTP/1.1\r\nhost: x\r\n\r\n')
    await cut
    expect(places.isFull()).toBe(false)
    socket.destroy()
  })
})
