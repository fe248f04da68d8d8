import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createPrometheusMetrics } from '../../subgraphs/service/prometheus-metrics.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { createFeedStore } from '../support/change-feed/feed-store.ts'
import { recordFeed } from '../support/change-feed/recorded-feed.ts'
import { untilPollingStops } from '../support/change-feed/until-polling-stops.ts'
import { startObservedStore } from '../support/observability/observed-store.ts'
import { hasPromtool, promtool } from '../support/observability/promtool.ts'
import { scrape } from '../support/observability/scrape.ts'
import { createServiceProcesses } from '../support/service-processes.ts'
import { grant } from '../support/store/consent-records.ts'
import { content, item, numberOf, patient, publication } from '../support/store/publications.ts'
import { createTestService, noon } from '../support/store/test-service.ts'

const view = 'query Look($n: [NHSNumber!]!) { first: exchangeView(nhsNumbers: $n) { patients { nhsNumber } } }'

describe('the metrics of a record store', () => {
  test("a store's metrics time each read under its root field, whatever its alias, and a refused one as other", async () => {
    await using store = await startObservedStore()
    await store.ask(view, { n: [numberOf(0)] })
    await store.ask(view.replace('first', 'secret_9990000018'), { n: [numberOf(0)] })
    await store.ask('{ openReviews(first: 1) { openCount } }')
    await store.ask('{ secret_9990000018: nothing }')
    await store.ask('{ __typename }')
    await fetch(`${store.url}/graphql`, { method: 'POST' })
    await store.hasServed(6)
    expect(await store.sample('store_read_duration_seconds_count', { operation: 'exchangeView' })).toBe(2)
    expect(await store.sample('store_read_duration_seconds_count', { operation: 'openReviews' })).toBe(1)
    expect(await store.sample('store_read_duration_seconds_count', { operation: 'other' })).toBe(3)
    expect(store.served.map(({ kind, operation, status, ended }) => [kind, operation, status, ended])).toEqual([
      ['read', 'exchangeView', 200, 'WHOLE'],
      ['read', 'exchangeView', 200, 'WHOLE'],
      ['read', 'openReviews', 200, 'WHOLE'],
      ['read', 'other', 200, 'WHOLE'],
      ['read', 'other', 200, 'WHOLE'],
      ['read', 'other', 401, 'WHOLE'],
    ])
    const text = await (await fetch(`${store.url}/metrics`)).text()
    expect(text).not.toMatch(/999000|secret/)
  })

  test("a store's metrics time publications by their outcome", async () => {
    const statuses = [200, 422, 503]
    await using store = await startObservedStore({
      publish: async () => new Response(null, { status: statuses.shift() ?? 500 }),
    })
    for (let times = 0; times < 4; times++) await fetch(`${store.url}/fhir`, { method: 'POST' })
    await store.hasServed(4)
    for (const [outcome, count] of Object.entries({ stored: 1, refused: 1, failed: 2 })) {
      expect(await store.sample('store_publish_duration_seconds_count', { outcome })).toBe(count)
    }
  })

  test("a store's metrics show the sequence, the documents and the reviews as of the scrape", async () => {
    let nowMs = noon
    await using store = await startObservedStore({ now: () => nowMs })
    expect(await store.sample('store_change_sequence')).toBe(0)
    await store.publish(publication({ patients: [patient(0)], items: [item('documents', 'd')] }))
    await store.store.recordGrant(grant(), noon + 1000)
    expect(await store.sample('store_change_sequence')).toBe(await store.store.sequence())
    expect(await store.sample('store_documents')).toBe(1)
    expect(await store.sample('store_database_bytes')).toBeGreaterThan(8192)
    expect(await store.sample('store_open_reviews', { office: 'REGION' })).toBe(1)
    expect(await store.sample('store_overdue_reviews', { office: 'REGION' })).toBe(0)
    nowMs += 1001
    expect(await store.sample('store_overdue_reviews', { office: 'REGION' })).toBe(1)
    expect(await store.sample('store_overdue_reviews', { office: 'VIEWERS_ORGANISATION' })).toBe(1)
  })

  test('a store counts and logs each grant of a person from the tenth in an hour on, names nobody and refuses none', async () => {
    let nowMs = noon
    const now = () => nowMs
    const records = createSqliteRecordStore({ region: 'CHESHIRE_MERSEYSIDE', file: ':memory:', now })
    const metrics = createPrometheusMetrics({ store: records, now })
    await using service = await createTestService({ store: records, metrics, now })
    await service.publish(publication({ patients: [patient(0)] }))
    const broken = async (n: number) => {
      const asker = { role: 'R0050', organisation: 'RXN', context: { relationship: 'CLAIMED' } } as const
      const text = `mutation { breakGlass(nhsNumber: "${numberOf(0)}", barrier: PERMISSION, reason: EMERGENCY, justification: "Emergency number ${n}") { decision { done } } }`
      return (await service.ask(text, {}, asker)).text
    }
    const done = '{"data":{"breakGlass":{"decision":{"done":true}}}}'
    for (let n = 0; n < 9; n++) expect(await broken(n)).toBe(done)
    expect(service.logged).toEqual([])
    for (let n = 9; n < 12; n++) expect(await broken(n)).toBe(done)
    expect(service.logged).toHaveLength(3)
    expect(await broken(11)).toBe(done)
    expect((await metrics.print()).text).toContain('store_frequent_grants_total 3\n')
    expect(service.logged).toEqual(
      Array(3).fill([
        'One person broke the glass ten times or more in an hour',
        expect.stringMatching(/^the last is grant cheshire-merseyside\.[\w-]{36}$/),
      ]),
    )
    nowMs += 3_600_001
    expect(await broken(12)).toBe(done)
    expect(service.logged).toHaveLength(3)
  })

  test("a store's metrics count the decision on each requested number, and not what is only explained", async () => {
    await using store = await startObservedStore()
    await store.publish(publication({ patients: [patient(0)], items: [item('documents', 'd')] }))
    await store.ask(view, { n: [0, 1, 2].map(numberOf) })
    const officer = await store.headers({ role: 'R5105', organisation: 'QYG' })
    const explain =
      '{ explainAccess(nhsNumber: "9990000018", viewer: { role: "R0260", organisation: "REM", purpose: "DIRECT_CARE", relationship: "ATTENDING", reason: null, supervisor: null }) { concealed } }'
    const before = await store.sample('store_consent_decisions_total', { code: 'PERMITTED' })
    const explained = await fetch(`${store.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...officer },
      body: JSON.stringify({ query: explain }),
    })
    expect(await explained.json()).toMatchObject({ data: { explainAccess: { concealed: expect.any(Boolean) } } })
    const text = await (await fetch(`${store.url}/metrics`)).text()
    const counts = [...text.matchAll(/^store_consent_decisions_total\{code="\w+"\} (\d+)$/gm)].map(([, count]) =>
      Number(count),
    )
    expect(counts).toHaveLength(9)
    expect(counts.reduce((sum, count) => sum + count)).toBe(3)
    expect(before).toBeGreaterThan(0)
  })

  test("a store's metrics count contents that are sent, whole or in part, and none that is refused", async () => {
    await using store = await startObservedStore()
    const held = content(new TextEncoder().encode('Discharged home.'))
    const fields = {
      contentAnswer: 'AVAILABLE',
      content: { contentType: 'text/plain', size: 16, sha256: held.sha256, language: null },
    } as const
    await store.publish(
      publication({ patients: [patient(0)], items: [item('documents', 'd', { fields })], contents: [held] }),
    )
    const found = await (
      await store.ask(
        'query ($n: [NHSNumber!]!) { exchangeView(nhsNumbers: $n) { patients { record { documents(first: 1) { nodes { id } } } } } }',
        { n: [numberOf(0)] },
      )
    ).json()
    const headers = await store.headers()
    const open = async (id: string, range = {}) => {
      const response = await fetch(`${store.url}/content/${id}`, { headers: { ...headers, ...range } })
      return [response.status, await response.text()]
    }
    const { id } = found.data.exchangeView.patients[0].record.documents.nodes[0]
    expect(await open(id)).toEqual([200, 'Discharged home.'])
    expect(await open(id, { range: 'bytes=0-3' })).toEqual([206, 'Disc'])
    expect((await open('none'))[0]).toBe(404)
    await store.hasServed(4)
    expect(await store.sample('store_contents_opened_total')).toBe(2)
  })

  test("a store's metrics count the feed's subscribers, and none of them as in flight", async () => {
    await using feed = await createFeedStore()
    await feed.stop()
    await feed.restart({ metrics: createPrometheusMetrics({ store: feed.store }) })
    const sample = async (name: string) => (await scrape(feed.region.url)).value(name)
    const [first, second] = [recordFeed(feed), recordFeed(feed)]
    await Promise.all([first, second].map((heard) => heard.until(() => heard.feed.isCurrent)))
    expect(await sample('store_change_listeners')).toBe(2)
    expect(await sample('store_requests_in_flight')).toBe(0)
    await Promise.all([first.feed.close(), second.feed.close()])
    await untilPollingStops(feed)
    expect(await sample('store_change_listeners')).toBe(0)
  })

  test("a store's metrics show a request in flight until it is answered, even when its caller hangs up", async () => {
    const held = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    await using store = await startObservedStore({
      between: (kept) => ({
        ...kept,
        sequence: async () => {
          asked.resolve()
          await held.promise
          return kept.sequence()
        },
      }),
    })
    const body = JSON.stringify({ query: view, variables: { n: [numberOf(0)] } })
    const headers = Object.entries({
      ...(await store.headers()),
      'content-type': 'application/json',
      'content-length': body.length,
    }).map(([name, value]) => `${name}: ${value}\r\n`)
    const socket = connect(Number(new URL(store.url).port), '127.0.0.1')
    socket.write(`POST /graphql HTTP/1.1\r\nhost: store\r\n${headers.join('')}\r\n${body}`)
    await asked.promise
    expect(await store.sample('store_requests_in_flight')).toBe(1)
    socket.destroy()
    await store.hasServed(1)
    expect(store.served[0]).toMatchObject({ kind: 'read', ended: 'CUT' })
    expect(await store.sample('store_requests_in_flight')).toBe(0)
    held.resolve()
  })

  test("a store's metrics are unavailable when the database cannot be read, and the log says why", async () => {
    const logged: string[] = []
    await using store = await startObservedStore({
      between: (kept) => ({ ...kept, readFigures: () => Promise.reject(new Error('no such table')) }),
      log: (message) => logged.push(message),
    })
    expect((await fetch(`${store.url}/metrics`)).status).toBe(503)
    expect(logged).toEqual(['The metrics cannot be told'])
  })

  test("a store's metrics are read-only", async () => {
    await using store = await startObservedStore()
    expect((await fetch(`${store.url}/metrics`, { method: 'POST' })).status).toBe(405)
  })
})

describe('the process of a record store', () => {
  const isThere = hasPromtool()

  test("promtool finds no fault in a store process's metrics, and each request is logged", async () => {
    await using system = await createServiceProcesses()
    const store = await system.startStore('lancashire-south-cumbria')
    const url = system.storeUrl('lancashire-south-cumbria')
    expect((await fetch(`${url}/graphql`, { method: 'POST' })).status).toBe(401)
    const answer = await fetch(`${url}/metrics`)
    expect(answer.headers.get('content-type')).toContain('text/plain')
    const text = await answer.text()
    for (const name of [
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_seconds',
      'store_read_duration_seconds_bucket',
    ])
      expect(text).toContain(name)
    if (isThere) expect(await promtool(['check', 'metrics'], text)).toEqual({ code: 0, says: '' })
    const [line] = await store.says(/^\{.*"msg":"request"\}$/m)
    expect(JSON.parse(line)).toEqual({
      level: 'info',
      time: expect.any(String),
      kind: 'read',
      operation: 'other',
      status: 401,
      durationMs: expect.any(Number),
      ended: 'WHOLE',
      msg: 'request',
    })
    expect(store.out()).toMatch(/^lancashire-south-cumbria listens at http:\S+\n/)
  })
})
