import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { AuditUnavailable } from '../../gateway/audit/audit-unavailable.ts'
import { loadPublishedOperations } from '../../schema/published-operations.ts'
import { createOtlpSpans } from '../../schema/service/otlp-spans.ts'
import type { SentSpan } from '../support/observability/collector.ts'
import { newTrace, startTracedSystem, type TracedSystem } from '../support/observability/traced-system.ts'

const nhsNumber = '9990000018'
const summary = loadPublishedOperations().find(({ name }) => name === 'PatientSummary')
const view = { query: summary?.text, variables: { nhsNumber } }
const other = {
  query:
    'query ($n: NHSNumber!) { patient(nhsNumber: $n) { completeness { regions { status fromCache } } allergies { nodes { id } } } }',
  variables: { n: nhsNumber },
}

let traced: TracedSystem
let url: string
let byYogaUrl: string
beforeAll(async () => {
  traced = await startTracedSystem()
  url = await traced.gateway({ spans: traced.spans() })
  byYogaUrl = await traced.gateway({ spans: traced.spans(), usesPlans: false })
})
afterAll(() => traced[Symbol.asyncDispose]())
afterEach(() => {
  for (const region of traced.heard) region.nextStatus = null
})

/** The spans of one request, once there are so many. */
async function spansOf(
  at: string,
  body: object,
  count: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly SentSpan[]> {
  const { traceId, traceparent } = newTrace()
  await (await traced.ask(at, body, { traceparent, ...headers })).text()
  return await traced.collector.trace(traceId, count)
}
const find = (spans: readonly SentSpan[], name: string): SentSpan => {
  const found = spans.filter((span) => span.name === name)
  expect(found.map((span) => span.name)).toEqual([name])
  return found[0] as SentSpan
}
const names = (spans: readonly SentSpan[]) => spans.map(({ name }) => name).sort()

const calls = ['POST CHESHIRE_MERSEYSIDE/graphql', 'POST LANCASHIRE_SOUTH_CUMBRIA/graphql']
const whole = [...calls, 'access rules', 'assemble', 'audit', 'plan', 'print', 'query PatientSummary']

describe.each([
  ['by its plan', () => url],
  ['by yoga', () => byYogaUrl],
])('a view answered %s', (_, at) => {
  test('a view is a server span with its stages and region calls below it, within it and in order', async () => {
    const spans = await spansOf(at(), view, 8)
    expect(names(spans)).toEqual(whole)
    const server = find(spans, 'query PatientSummary')
    expect(server).toMatchObject({
      service: 'gateway',
      kind: 2,
      isError: false,
      attributes: {
        'graphql.operation.name': 'PatientSummary',
        'graphql.operation.type': 'query',
        'http.route': '/graphql',
        'http.response.status_code': 200,
        'share2care.outcome': 'COMPLETE',
      },
    })
    for (const span of spans) if (span !== server) expect(span.parentSpanId, span.name).toBe(server.spanId)
    for (const { startMs, endMs, name } of spans) {
      expect(startMs, name).toBeGreaterThanOrEqual(server.startMs)
      expect(endMs, name).toBeGreaterThanOrEqual(startMs)
      expect(endMs, name).toBeLessThanOrEqual(server.endMs)
    }
    for (const name of calls) {
      const call = find(spans, name)
      expect(call).toMatchObject({
        kind: 3,
        isError: false,
        attributes: {
          'http.response.status_code': 200,
          'share2care.region.status': 'REPLIED',
          'server.address': '127.0.0.1',
        },
      })
      expect(call.attributes['http.request.resend_count']).toBeUndefined()
      expect(call.endMs).toBeGreaterThan(call.startMs)
      // Microseconds are rounded, each by itself.
      expect(call.endMs).toBeLessThanOrEqual(find(spans, 'assemble').startMs + 0.002)
      expect(call.startMs).toBeGreaterThanOrEqual(find(spans, 'access rules').endMs - 0.002)
    }
    const [plan, access, assemble, audit, print] = ['plan', 'access rules', 'assemble', 'audit', 'print'].map((name) =>
      find(spans, name),
    )
    const inTurn = [plan, access, assemble, audit, print].map((span) => span?.startMs ?? 0)
    expect(inTurn).toEqual([...inTurn].sort((a, b) => a - b))
  })

  test("an unpublished operation's span is named other, and a refused request has a span, too", async () => {
    expect(find(await spansOf(at(), other, 8), 'query other').attributes['graphql.operation.name']).toBe('other')
    const [refused] = await spansOf(at(), { query: '{ nothing }' }, 1)
    expect(refused).toMatchObject({
      name: 'POST /graphql',
      isError: false,
      attributes: { 'http.response.status_code': 200, 'share2care.outcome': 'REFUSED' },
    })
    const [stranger] = await spansOf(at(), view, 1, { authorization: 'Bearer nobody' })
    expect(stranger).toMatchObject({
      name: 'POST /graphql',
      attributes: { 'http.response.status_code': 401, 'share2care.outcome': 'REFUSED' },
    })
  })

  test('a region that fails and is retried has a span for each call, with its status', async () => {
    const [, lpres] = traced.heard
    if (lpres) lpres.nextStatus = 500
    const spans = await spansOf(at(), view, 9)
    expect(names(spans)).toEqual([...whole, calls[1]].sort())
    const [first, second] = spans.filter(({ name }) => name === calls[1]).sort((a, b) => a.startMs - b.startMs)
    expect(first).toMatchObject({
      isError: true,
      attributes: { 'http.response.status_code': 500, 'share2care.region.status': 'FAILED', 'error.type': 'FAILED' },
    })
    expect(second).toMatchObject({
      isError: false,
      attributes: { 'http.request.resend_count': 1, 'http.response.status_code': 200 },
    })
    expect(second?.startMs).toBeGreaterThan(first?.endMs ?? 0)
  })
})

test("a region that is gone has a call span without a status, and the view's span says incomplete", async () => {
  const regions = traced.system.regions.map((region, index) =>
    index === 0 ? region : { ...region, url: 'http://127.0.0.1:1' },
  )
  const spans = await spansOf(await traced.gateway({ spans: traced.spans(), regions, log: () => {} }), view, 9)
  const gone = spans.filter(({ name }) => name === calls[1])
  expect(gone).toHaveLength(2)
  for (const one of gone)
    expect(one).toMatchObject({ isError: true, attributes: { 'error.type': 'UNREACHABLE', 'server.port': 1 } })
  for (const one of gone) expect(one.attributes['http.response.status_code']).toBeUndefined()
  expect(find(spans, 'query PatientSummary')).toMatchObject({
    isError: false,
    attributes: { 'share2care.outcome': 'INCOMPLETE' },
  })
})

test("a failed request's span is an error with its code", async () => {
  const trail = {
    ...traced.system.trail,
    record: () => Promise.reject(new AuditUnavailable('NOW', 'the disk is full')),
  }
  const spans = await spansOf(await traced.gateway({ spans: traced.spans(), trail, log: () => {} }), view, 6)
  expect(find(spans, 'query PatientSummary')).toMatchObject({
    isError: true,
    attributes: { 'error.type': 'AUDIT_UNAVAILABLE', 'share2care.outcome': 'FAILED' },
  })
})

test('a region that is not called, because its access rules refuse, has a span that says so', async () => {
  // A role that the regions let see nothing of a patient.
  const token = await traced.system.token({ role: 'R5105', organisation: 'REM', person: '555036632112' })
  const spans = await spansOf(url, view, 6, { authorization: `Bearer ${token}` })
  const refused = spans.filter(({ attributes }) => attributes['share2care.region.status'] === 'REFUSED')
  expect(names(refused)).toEqual(['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA'])
  expect(spans.some(({ kind }) => kind === 3)).toBe(false)
})

test("a change has a mutation span, and a document's content has a span of its own call", async () => {
  const permit =
    'mutation ($n: NHSNumber!) { recordPermission(input: { nhsNumber: $n, region: CHESHIRE_MERSEYSIDE }) { status } }'
  const changed = await spansOf(url, { query: permit, variables: { n: nhsNumber } }, 5)
  // The change is on the trail before it is made, and its outcome after.
  expect(names(changed)).toEqual(
    [calls[0], 'assemble', 'assemble', 'audit', 'audit', 'mutation other', 'plan', 'print'].sort(),
  )

  const found = await (
    await traced.ask(url, { query: '{ patient(nhsNumber: "9990000328") { documents { nodes { content { url } } } } }' })
  ).json()
  const content = found.data.patient.documents.nodes.find((node: { content: object | null }) => node.content).content
    .url
  const { traceId, traceparent } = newTrace()
  await (
    await fetch(content, { headers: { authorization: `Bearer ${await traced.system.token()}`, traceparent } })
  ).text()
  const spans = await traced.collector.trace(traceId, 2)
  expect(spans.map(({ name, kind }) => [name.replace(/[A-Z_]{5,}/, 'REGION'), kind]).sort()).toEqual([
    ['GET /documents/{ticket}', 2],
    ['GET REGION/content/{id}', 3],
  ])
  for (const { attributes } of spans) expect(attributes['http.response.status_code']).toBe(200)
})

test('a coalesced request has a span that links to the shared call, and a cached reply has one that says so', async () => {
  const caching = await traced.gateway({ spans: traced.spans(), cacheBytes: 1024 * 1024 })
  await vi.waitFor(async () => {
    const { data } = await (await traced.ask(caching, { query: '{ regions { health { feedConnected } } }' })).json()
    expect(data.regions.every(({ health }: { health: { feedConnected: boolean } }) => health.feedConnected)).toBe(true)
  })
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  for (const region of traced.heard) region.gate = gate
  const before = traced.heard.map(({ requests }) => requests.length)
  const [first, second, third] = [newTrace(), newTrace(), newTrace()]
  const begun = traced.ask(caching, other, { traceparent: first.traceparent })
  await vi.waitFor(() =>
    expect(traced.heard.map(({ requests: heard }, index) => heard.length - (before[index] ?? 0))).toEqual([1, 1]),
  )
  const joined = traced.ask(caching, other, { traceparent: second.traceparent })
  // It has come to the gateway: that answers, many times, what needs no region.
  for (let times = 0; times < 20; times++) await traced.ask(caching, { query: '{ viewer { id } }' })
  open()
  await Promise.all([begun, joined])
  const asked = await traced.collector.trace(first.traceId, 8)
  const shared = await traced.collector.trace(second.traceId, 8)
  expect(traced.heard.map(({ requests: heard }, index) => heard.length - (before[index] ?? 0))).toEqual([1, 1])
  for (const [index, region] of ['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA'].entries()) {
    const { spanId } = find(asked, calls[index] ?? '')
    expect(find(shared, region)).toMatchObject({
      kind: 1,
      attributes: { 'share2care.shared': true },
      links: [{ traceId: first.traceId, spanId }],
    })
  }
  await traced.ask(caching, other, { traceparent: third.traceparent })
  const kept = await traced.collector.trace(third.traceId, 7)
  for (const region of ['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA']) {
    expect(find(kept, region)).toMatchObject({
      kind: 1,
      links: [],
      attributes: { 'share2care.from_cache': true, 'share2care.region.status': 'ANSWERED' },
    })
  }
})

describe('a faulty collector', () => {
  test.each([
    ['is not there', async () => ({ url: 'http://127.0.0.1:1', close: async () => {} })],
    ['never answers', () => serve((request) => void request.resume())],
  ])('requests are answered and the process ends as usual while the collector %s', async (_, start) => {
    const silent = await start()
    const spans = createOtlpSpans({
      collectorUrl: silent.url,
      ratio: 1,
      service: 'gateway',
      log: () => {},
      sendEveryMs: 5,
      closeMs: 200,
    })
    const at = await traced.gateway({ spans })
    const direct = await (await traced.ask(url, view)).json()
    for (let times = 0; times < 5; times++) {
      const { data } = await (await traced.ask(at, view)).json()
      expect(data.patient.allergies).toEqual(direct.data.patient.allergies)
      expect(data.patient.completeness.complete).toBe(true)
    }
    const startedAt = performance.now()
    await spans.close()
    // Of 200 ms, on a machine that is busy with others.
    expect(performance.now() - startedAt).toBeLessThan(2000)
    await silent.close()
  })

  test("a collector's refusal is logged once, without any text of the collector", async () => {
    let refused = 0
    const refusing = await serve((_, response) => {
      refused++
      response.writeHead(400).end('canary-4f1c')
    })
    const told: string[] = []
    const log = (message: string, error: unknown) => void told.push(`${message}: ${String(error)}`)
    const spans = createOtlpSpans({ collectorUrl: refusing.url, ratio: 1, service: 'gateway', log, sendEveryMs: 5 })
    const at = await traced.gateway({ spans })
    for (let batches = 1; batches <= 3; batches++) {
      await traced.ask(at, other)
      await vi.waitFor(() => expect(refused).toBeGreaterThanOrEqual(batches))
    }
    await spans.close()
    expect(told).toEqual([
      'Traces are not taken by the collector (OTEL_EXPORTER_OTLP_ENDPOINT); they are lost until it takes them: Error: 400',
    ])
    await refusing.close()
  })
})

async function serve(answer: RequestListener) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
