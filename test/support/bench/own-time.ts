import { loadPublishedOperations } from '../../../schema/published-operations.ts'
import { scrape } from '../observability/scrape.ts'
import { startBenchSystem } from './bench-system.ts'
import { startEcho } from './echo.ts'
import { createRawClient } from './raw-client.ts'
import { type Stamp, type StampingProxy, startStampingProxy } from './stamping-proxy.ts'

export interface OwnTimeOptions {
  /** Requests that are measured, one after the other, and those before that are not. */
  readonly requests: number
  readonly warm: number
  /** How many patients each asks for, of as many as there are. */
  readonly patients: number
}

/** Means for one request, in milliseconds. */
export interface OwnTime {
  /** What the gateway's histogram says: its sum by its count. */
  readonly toldMs: number
  /** The client's time less the union of what the proxies saw, and less the ways between the processes. */
  readonly seenMs: number
  /** The ways: from the client to the gateway and back, and from it to the proxies and back. */
  readonly waysMs: number
  readonly clientMs: number
}

const operation = 'WardList'

/**
 * The gateway's own time as it tells it, beside what can be seen from outside: a client before it, and proxies between
 * it and its stores.
 */
export async function measureOwnTime({ requests, warm, patients }: OwnTimeOptions): Promise<OwnTime> {
  await using closing = new AsyncDisposableStack()
  const proxies: StampingProxy[] = []
  const through = async (url: string) => {
    const proxy = closing.use(await startStampingProxy(url))
    proxies.push(proxy)
    return proxy.url
  }
  const system = closing.use(await startBenchSystem({ patients, through, gatewayVariables: { CACHE_MEGABYTES: '0' } }))
  const { origin } = new URL(system.url)
  const client = createRawClient(origin)
  closing.defer(() => client.close())
  const echo = closing.use(await startEcho())
  const request = toRequest(system.url, system.token, system.numbers)

  const ways: number[] = []
  const ask = async () => {
    // Beside each request, for the machine is never the same for long.
    ways.push(await echo.roundTripMs())
    const startedAt = performance.now()
    const { status } = await client.send(request)
    const clientMs = performance.now() - startedAt
    if (status !== 200) throw new Error(`Expected an answer, found HTTP ${status}`)
    const stamps = proxies.flatMap((proxy) => proxy.take())
    if (stamps.length !== proxies.length)
      throw new Error(`Expected an exchange with each region, found ${stamps.length}`)
    return { clientMs, apartMs: clientMs - lengthOfUnion(stamps) }
  }
  for (let asked = 0; asked < warm; asked++) await ask()
  const before = await scrape(origin)
  let clientMs = 0
  let apartMs = 0
  for (let asked = 0; asked < requests; asked++) {
    const one = await ask()
    clientMs += one.clientMs
    apartMs += one.apartMs
  }
  const after = await scrape(origin)
  const grown = (name: string) =>
    after.value(`gateway_own_duration_seconds_${name}`, { operation }) -
    before.value(`gateway_own_duration_seconds_${name}`, { operation })
  if (grown('count') !== requests)
    throw new Error(`Expected ${requests} requests in the histogram, found ${grown('count')}`)
  // The median: a way that was held up by other work of the machine was so once, not each time.
  const waysMs = 2 * (ways.sort((a, b) => a - b)[ways.length >> 1] ?? 0)
  return {
    toldMs: (grown('sum') * 1000) / requests,
    seenMs: apartMs / requests - waysMs,
    waysMs,
    clientMs: clientMs / requests,
  }
}

function toRequest(url: string, token: string, nhsNumbers: readonly string[]): string {
  const published = loadPublishedOperations().find(({ name }) => name === operation)
  const body = JSON.stringify({ query: published?.text, variables: { nhsNumbers } })
  const head = [
    'POST /graphql HTTP/1.1',
    `host: ${new URL(url).host}`,
    `authorization: Bearer ${token}`,
    'content-type: application/json',
    'accept: application/json',
  ]
  return `${[...head, `content-length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`
}

/** Written for this alone: what is measured is not measured by its own means. */
function lengthOfUnion(stamps: readonly Stamp[]): number {
  const edges = stamps.flatMap(({ fromMs, toMs }) => [
    { atMs: fromMs, step: 1 },
    { atMs: toMs, step: -1 },
  ])
  let depth = 0
  let sinceMs = 0
  let length = 0
  for (const { atMs, step } of edges.sort((a, b) => a.atMs - b.atMs)) {
    if (depth > 0) length += atMs - sinceMs
    sinceMs = atMs
    depth += step
  }
  return length
}
