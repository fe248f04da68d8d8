import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { RequestObservation } from '../../gateway/observability/metrics/request-observation.ts'
import { scrape } from '../support/observability/scrape.ts'
import { startSystem } from '../support/system.ts'

test.each([
  ['by its plan', true],
  ['by yoga', false],
])(
  'a request whose sender hangs up is in flight while a region is slow, and is counted once, answered %s',
  async (_, byPlan) => {
    await using system = await startSystem()
    const asked = Promise.withResolvers<void>()
    const told = Promise.withResolvers<RequestObservation>()
    const silent = createServer((request) => {
      if (request.method === 'POST') asked.resolve()
    })
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const regions = system.regions.map((region, index) =>
      index === 1 ? { ...region, url: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` } : region,
    )
    const url = await system.another({ regions, usesPlans: byPlan, observe: [told.resolve] })
    const leaving = new AbortController()
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await system.token()}` }
    const body = '{"query":"{ patient(nhsNumber: \\"9990000018\\") { presence } }"}'
    const answer = fetch(`${url}/graphql`, { method: 'POST', headers, body, signal: leaving.signal }).catch(() => null)
    await asked.promise
    expect((await scrape(url)).value('gateway_requests_in_flight')).toBe(1)
    leaving.abort()
    expect(await answer).toBeNull()
    // No region is waited for any more.
    silent.close()
    silent.closeAllConnections()
    await told.promise
    expect((await scrape(url)).value('gateway_requests_in_flight')).toBe(0)
    expect((await scrape(url)).value('gateway_request_duration_seconds_count')).toBe(1)
  },
)
