import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadPublishedOperations } from '../../schema/published-operations.ts'
import { createFailingDisk } from '../support/audit/failing-disk.ts'
import { hasPromtool, promtool } from '../support/observability/promtool.ts'
import { type Scrape, scrape } from '../support/observability/scrape.ts'
import { type System, startSystem } from '../support/system.ts'

const exchange = 'CHESHIRE_MERSEYSIDE'
const lpres = 'LANCASHIRE_SOUTH_CUMBRIA'
const text = loadPublishedOperations().find(({ name }) => name === 'PatientSummary')?.text ?? ''
const operation = 'PatientSummary'
const attending = { relationship: 'ATTENDING' }

let system: System
const disk = createFailingDisk()
beforeAll(async () => {
  system = await startSystem({ people: true, cache: true, auditDisk: disk })
  await feedsAreCurrent(system.url)
})
afterAll(() => system[Symbol.asyncDispose]())

async function feedsAreCurrent(url: string): Promise<void> {
  while ((await scrape(url)).value('gateway_feed_current') < 2);
}

/** By how much samples grew while something was done. */
async function growth(act: () => Promise<unknown>, url = system.url): Promise<Scrape['value']> {
  const before = await scrape(url)
  await act()
  const after = await scrape(url)
  return (name, labels) => after.value(name, labels) - before.value(name, labels)
}

describe('GET /metrics, without a token', () => {
  test('the metrics count a view: request, waits, calls, cache, decisions and trail', async () => {
    const grown = await growth(() => system.query(text, { nhsNumber: '9990000018', access: attending }))
    expect(grown('gateway_request_duration_seconds_count', { operation, outcome: 'COMPLETE' })).toBe(1)
    expect(grown('gateway_own_duration_seconds_count', { operation })).toBe(1)
    expect(grown('gateway_views_total', { complete: 'true' })).toBe(1)
    expect(grown('gateway_audit_write_duration_seconds_count')).toBe(1)
    for (const region of [exchange, lpres]) {
      expect(grown('gateway_region_wait_seconds_count', { operation, region })).toBe(1)
      expect(grown('gateway_region_call_duration_seconds_count', { region, outcome: 'REPLIED' })).toBe(1)
      expect(grown('gateway_region_answers_total', { region, status: 'ANSWERED' })).toBe(1)
      expect(grown('gateway_cache_lookups_total', { region, outcome: 'miss' })).toBe(1)
      expect(grown('gateway_consent_decisions_total', { region, code: 'PERMITTED' })).toBe(1)
    }
    const sums = ['gateway_own_duration_seconds_sum', 'gateway_request_duration_seconds_sum'] as const
    expect(grown(sums[0])).toBeGreaterThan(0)
    expect(grown(sums[0])).toBeLessThan(grown(sums[1]))
  })

  test('the metrics show a repeated view as cached, with its age, no call and no wait', async () => {
    const look = () => system.query(text, { nhsNumber: '9990000018', access: attending })
    await look()
    const grown = await growth(look)
    expect(grown('gateway_cache_lookups_total', { outcome: 'hit' })).toBe(2)
    expect(grown('gateway_cache_hit_age_seconds_count')).toBe(2)
    expect(grown('gateway_region_call_duration_seconds_count')).toBe(0)
    expect(grown('gateway_region_wait_seconds_count')).toBe(0)
    expect(grown('gateway_request_duration_seconds_count', { operation })).toBe(1)
    const { value } = await scrape(system.url)
    expect([value('gateway_cache_entries'), value('gateway_cache_bytes') > 0]).toEqual([2, true])
  })

  test('the metrics show a noCache query as bypassing the cache, and two equal requests as one shared call', async () => {
    const query =
      'query ($n: NHSNumber!, $noCache: Boolean) { patient(nhsNumber: $n, noCache: $noCache, access: { relationship: ATTENDING }) { presence } }'
    const past = await growth(() => system.query(query, { n: '9990000026', noCache: true }))
    expect(past('gateway_cache_lookups_total', { outcome: 'bypassed' })).toBe(2)
    const token = await system.token()
    const shared = await growth(() => Promise.all([1, 2].map(() => system.query(query, { n: '9990000026' }, token))))
    expect(shared('gateway_cache_lookups_total', { outcome: 'miss' })).toBe(2)
    expect(
      shared('gateway_cache_lookups_total', { outcome: 'shared' }) +
        shared('gateway_cache_lookups_total', { outcome: 'hit' }),
    ).toBe(2)
    expect(shared('gateway_region_call_duration_seconds_count')).toBe(2)
  })

  test('the metrics count a refusal by policy as a decision, and its view as incomplete', async () => {
    const grown = await growth(() => system.query(text, { nhsNumber: '9990000492', access: attending }))
    expect(grown('gateway_consent_decisions_total', { code: 'REFUSED_OPT_OUT' })).toBe(2)
    expect(grown('gateway_region_answers_total', { status: 'REFUSED' })).toBe(2)
    expect(grown('gateway_views_total', { complete: 'false' })).toBe(1)
    expect(grown('gateway_request_duration_seconds_count', { operation, outcome: 'INCOMPLETE' })).toBe(1)
  })

  test('the metrics count refused requests by their code', async () => {
    const url = await system.another({ operationsPerMinute: 1 })
    const post = (headers: Record<string, string>, body = '{"query":"{ viewer { id } }"}') =>
      fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
    const authorization = `Bearer ${await system.token()}`
    const codes = await growth(async () => {
      await post({})
      await post({ authorization, origin: 'https://elsewhere.example' })
      await post({ authorization }, '{"query":"{ nothing }"}')
      await post(
        { authorization: `Bearer ${await system.token({ person: '555036632199' })}` },
        '{"query":"{ utilisation { week } }"}',
      )
      await post({ authorization })
      await post({ authorization, 'content-type': 'text/plain' })
    }, url)
    for (const code of [
      'UNAUTHENTICATED',
      'ORIGIN_NOT_ALLOWED',
      'GRAPHQL_VALIDATION_FAILED',
      'INSUFFICIENT_SCOPE',
      'TOO_MANY_OPERATIONS',
      'UNSUPPORTED_MEDIA_TYPE',
    ]) {
      expect(codes('gateway_requests_refused_total', { code }), code).toBe(1)
    }
  })

  test('the metrics count an unwritable trail, and show the gateway as impaired while it lasts', async () => {
    expect((await scrape(system.url)).value('gateway_audit_open')).toBe(1)
    disk.state = 'full'
    // Of somebody who has no answer that might be given again.
    const token = await system.token({ person: '555036632199' })
    const grown = await growth(() => system.query(text, { nhsNumber: '9990000018', access: attending }, token))
    disk.state = 'sound'
    expect(grown('gateway_audit_failures_total')).toBe(1)
    expect(grown('gateway_request_duration_seconds_count', { operation, outcome: 'FAILED' })).toBe(1)
  })

  test('the metrics show an absent region by its calls, and as suspended after some', async () => {
    const regions = system.regions.map((region) =>
      region.code === lpres
        ? { ...region, url: 'http://127.0.0.1:1', resilience: { ...region.resilience, failuresInRow: 1 } }
        : region,
    )
    const url = await system.another({ regions })
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await system.token()}` }
    await fetch(`${url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: text, variables: { nhsNumber: '9990000018', access: attending } }),
    })
    const { value } = await scrape(url)
    expect(value('gateway_region_call_duration_seconds_count', { region: lpres, outcome: 'UNREACHABLE' })).toBe(2)
    expect([
      value('gateway_region_suspended', { region: lpres }),
      value('gateway_region_suspended', { region: exchange }),
    ]).toEqual([1, 0])
    expect(value('gateway_feed_current', { region: lpres })).toBe(0)
    expect(value('gateway_region_answers_total', { region: lpres, status: 'UNREACHABLE' })).toBe(1)
  })

  test('the metrics show nobody in flight when every request is answered, and describe the process', async () => {
    const { value } = await scrape(system.url)
    expect(value('gateway_requests_in_flight')).toBe(0)
    for (const name of [
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
      'gateway_agreement_ends_timestamp_seconds',
    ])
      expect(value(name), name).toBeGreaterThan(0)
  })

  test('labels are names of regions and operations, and values of fixed lists, and contain no number, id or text of a client', async () => {
    const { query, token } = system
    await query('query Mine9990000018 { patient(nhsNumber: "9990000018") { presence } }')
    await query('{ nothing9990000018 }')
    await query(text, { nhsNumber: '9990000018' }, await token({ role: 'R8004' }))
    const told = await scrape(system.url)
    expect(told.text).not.toMatch(/9990000018|Mine/)
    expect([...told.valuesOf('operation')].sort()).toEqual(['PatientSummary', 'other'])
    expect([...told.valuesOf('region')].sort()).toEqual([exchange, lpres])
    for (const label of ['outcome', 'status', 'code'])
      for (const value of told.valuesOf(label)) expect(value).toMatch(/^[A-Za-z_]+$/)
  })

  test.runIf(hasPromtool())('promtool finds no fault in the metrics', async () => {
    expect(await promtool(['check', 'metrics'], (await scrape(system.url)).text)).toEqual({ code: 0, says: '' })
    // That it would.
    expect(await promtool(['check', 'metrics'], '# TYPE things_total gauge\nthings_total 1\n')).toMatchObject({
      code: 3,
      says: expect.stringContaining('things_total'),
    })
  })
})
