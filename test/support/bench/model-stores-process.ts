import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, request as openRequest, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { demoAudience, demoIssuer } from '../../../gateway/demo/mint-token.ts'
import { createTokenVerifier } from '../../../schema/access-token.ts'
import { loadKeySet } from '../../../schema/key-set.ts'
import type { RegionConfiguration } from '../../../schema/regions.ts'
import { createRecordService } from '../../../subgraphs/service/record-service.ts'
import { createSqliteRecordStore } from '../../../subgraphs/store/sqlite-record-store.ts'
import type { Slug } from '../test-regions.ts'
import type { BenchRecordOptions } from './bench-record.ts'
import { nhsNumbers } from './nhs-numbers.ts'
import { publishBenchRecords } from './publish-bench-records.ts'

/** What a process of model stores is started with, as JSON in its first argument. */
export interface ModelStoresOptions {
  /** What each store holds. */
  readonly counts?: BenchRecordOptions['counts']
  /** How long it takes to answer, by region code; at once where it has none. */
  readonly delaysMs?: Readonly<Record<string, number>>
}

/**
 * Record stores that know every number: each is a region's own service over one patient, whose answer to a query it
 * asks for once, remembers as text, and gives for every other number with that number in it. So a store costs next to
 * nothing beside the gateway. All that is not a query, the change feed too, is the service's.
 */
if (import.meta.main) {
  const { REGIONS = '', TOKEN_KEYS = '', GATEWAY_KEYS = '' } = process.env
  const { counts, delaysMs = {} }: ModelStoresOptions = JSON.parse(process.argv[2] ?? '{}')
  const regions: readonly RegionConfiguration[] = JSON.parse(readFileSync(REGIONS, 'utf8'))
  const verifyToken = createTokenVerifier({
    keys: loadKeySet(TOKEN_KEYS, { transport: 'any' }),
    issuer: demoIssuer,
    audience: demoAudience,
  })
  const [known = ''] = nhsNumbers(1)
  for (const [index, region] of regions.entries()) {
    const slug = region.slug as Slug
    const store = createSqliteRecordStore({ region: region.code, file: ':memory:' })
    await publishBenchRecords(store, [known], { slug, serial: index + 1, ...(counts ? { counts } : {}) })
    const service = await createRecordService({
      region,
      store,
      verifyToken,
      gatewayKeys: loadKeySet(GATEWAY_KEYS, { transport: 'any' }),
    }).listen({ port: 0 })
    const answer = createModel(service.url, known, delaysMs[region.code] ?? 0)
    const server = createServer({ keepAliveTimeout: 65_000 }, answer).listen(0, '127.0.0.1')
    await once(server, 'listening')
    console.log(`${region.code} listens at http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  }
}

function createModel(serviceUrl: string, known: string, delayMs: number) {
  const remembered = new Map<string, readonly string[]>()
  const learn = async (question: string, { headers }: IncomingMessage): Promise<readonly string[]> => {
    const passed = ['authorization', 'gateway-assertion'].flatMap((name) =>
      headers[name] === undefined ? [] : [[name, String(headers[name])] as [string, string]],
    )
    const response = await fetch(`${serviceUrl}/graphql`, {
      method: 'POST',
      headers: [['content-type', 'application/json'], ...passed],
      body: question,
    })
    const text = await response.text()
    if (!response.ok || text.includes('"errors"'))
      throw new Error(`Expected an answer of the service, found ${response.status}: ${text.slice(0, 400)}`)
    const parts = text.split(known)
    remembered.set(question, parts)
    return parts
  }
  return (request: IncomingMessage, response: ServerResponse) => {
    if (request.method !== 'POST' || request.url !== '/graphql') return forward(request, response, serviceUrl)
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const body = Buffer.concat(chunks).toString()
      const number = /"(99\d{8})"/.exec(body)?.[1] ?? known
      const question = body.replaceAll(number, known)
      try {
        const parts = remembered.get(question) ?? (await learn(question, request))
        if (delayMs > 0) await sleep(delayMs)
        const answer = Buffer.from(parts.join(number))
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer)
      } catch (error) {
        console.error(error)
        response.writeHead(500).end()
      }
    })
  }
}

function forward(request: IncomingMessage, response: ServerResponse, serviceUrl: string): void {
  const { method, headers, url } = request
  const passing = openRequest(new URL(url ?? '/', serviceUrl), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  passing.on('error', () => response.destroy())
  response.on('close', () => passing.destroy())
  request.pipe(passing)
}
