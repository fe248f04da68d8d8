import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { RecordedHeaders } from '../support/observability/recording-proxy.ts'
import { newTrace, startTracedSystem, type TracedSystem } from '../support/observability/traced-system.ts'

const nhsNumber = '9990000328'
const view = { query: 'query ($n: NHSNumber!) { patient(nhsNumber: $n) { presence } }', variables: { n: nhsNumber } }

let traced: TracedSystem
const urls: Record<string, string> = {}
beforeAll(async () => {
  traced = await startTracedSystem()
  urls['without a collector'] = await traced.gateway()
  urls['without a collector, by yoga'] = await traced.gateway({ usesPlans: false })
  urls['with a collector'] = await traced.gateway({ spans: traced.spans() })
  urls['with a collector, by yoga'] = await traced.gateway({ spans: traced.spans(), usesPlans: false })
  urls['none sampled'] = await traced.gateway({ spans: traced.spans(0) })
})
afterAll(() => traced[Symbol.asyncDispose]())
beforeEach(() => {
  for (const { requests } of traced.heard) requests.length = 0
})

const heard = (): readonly RecordedHeaders[] => traced.heard.flatMap((region) => region.requests)
const traceparents = () => heard().map(({ traceparent }) => traceparent)
const traceIdOf = (traceparent: string | undefined) => traceparent?.split('-')[1]

describe.each(['without a collector', 'without a collector, by yoga'])('a gateway %s', (name) => {
  test('the gateway without a collector passes traceparent and tracestate to both stores unchanged', async () => {
    const { traceparent } = newTrace()
    await traced.ask(urls[name] ?? '', view, { traceparent, tracestate: 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7' })
    expect(heard()).toEqual(
      Array(2).fill({ path: '/graphql', traceparent, tracestate: 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7' }),
    )
  })

  test('the gateway without a collector sends no traceparent when it received none', async () => {
    await traced.ask(urls[name] ?? '', view)
    expect(heard()).toEqual(Array(2).fill({ path: '/graphql', traceparent: undefined, tracestate: undefined }))
  })
})

describe.each(['with a collector', 'with a collector, by yoga'])('a gateway %s', (name) => {
  test('the gateway with a collector calls the stores in the received trace, each under a span of its own', async () => {
    const { traceId, spanId, traceparent } = newTrace()
    await traced.ask(urls[name] ?? '', view, { traceparent, tracestate: 'congo=t61rcWkgMzE' })
    expect(heard().map(({ tracestate }) => tracestate)).toEqual(['congo=t61rcWkgMzE', 'congo=t61rcWkgMzE'])
    expect(traceparents()).toEqual(Array(2).fill(expect.stringMatching(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`))))
    expect(new Set([...traceparents(), traceparent]).size).toBe(3)
    const spans = await traced.collector.trace(traceId, 8)
    expect(spans.filter(({ parentSpanId }) => parentSpanId === spanId)).toHaveLength(1)
    for (const header of traceparents())
      expect(spans.some((span) => span.spanId === header?.split('-')[2] && span.kind === 3)).toBe(true)
  })

  test('the gateway with a collector begins a trace when it received none', async () => {
    await traced.ask(urls[name] ?? '', view)
    const [traceId] = traceparents().map(traceIdOf)
    expect(traceparents().map(traceIdOf)).toEqual([traceId, traceId])
    const spans = await traced.collector.trace(traceId ?? '', 8)
    expect(spans.filter(({ parentSpanId }) => parentSpanId === '')).toHaveLength(1)
  })

  test('the gateway obeys an unsampled parent: it records nothing, and passes that on to the stores', async () => {
    const { traceId, traceparent } = newTrace('00')
    await traced.ask(urls[name] ?? '', view, { traceparent })
    expect(traceparents()).toEqual([traceparent, traceparent])
    // Spans go out in the order in which they end: those of a later request have come.
    const later = newTrace()
    await traced.ask(urls[name] ?? '', view, { traceparent: later.traceparent })
    await traced.collector.trace(later.traceId, 8)
    expect(traced.collector.spans.filter((span) => span.traceId === traceId)).toEqual([])
  })

  test.each([
    '00-nothing',
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  ])('the gateway ignores a malformed traceparent, and the tracestate beside it (%s)', async (traceparent) => {
    const response = await traced.ask(urls[name] ?? '', view, { traceparent, tracestate: 'congo=t61rcWkgMzE' })
    expect((await response.json()).errors).toBeUndefined()
    expect(traceparents()).toEqual(Array(2).fill(expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)))
    expect(traceparents().join()).not.toContain('0af7651916cd43dd8448eb211c80319c')
    expect(heard().map(({ tracestate }) => tracestate)).toEqual([undefined, undefined])
  })
})

test('the gateway does not pass on a malformed traceparent', async () => {
  await traced.ask(urls['without a collector'] ?? '', view, {
    traceparent: '00-nothing',
    tracestate: 'congo=t61rcWkgMzE',
  })
  expect(heard()).toEqual(Array(2).fill({ path: '/graphql', traceparent: undefined, tracestate: undefined }))
})

test('the gateway drops an unusable tracestate, and calls the regions all the same', async () => {
  const { traceparent } = newTrace()
  for (const tracestate of ['a=é', `a=${'x'.repeat(600)}`]) {
    const response = await traced.ask(
      urls['without a collector'] ?? '',
      { ...view, query: view.query.replace('presence', 'completeness { complete }') },
      { traceparent, tracestate },
    )
    expect((await response.json()).data.patient.completeness.complete).toBe(true)
  }
  expect(heard()).toEqual(Array(4).fill({ path: '/graphql', traceparent, tracestate: undefined }))
})

test('the gateway samples the configured share of its own traces, tells the stores, and obeys a sampled parent', async () => {
  await traced.ask(urls['none sampled'] ?? '', view)
  expect(traceparents()).toEqual(Array(2).fill(expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)))
  const { traceId, traceparent } = newTrace()
  await traced.ask(urls['none sampled'] ?? '', view, { traceparent })
  expect(await traced.collector.trace(traceId, 8)).toHaveLength(8)
})

describe.each(['without a collector', 'with a collector'])('a gateway %s', (name) => {
  const permit =
    'mutation ($n: NHSNumber!) { recordPermission(input: { nhsNumber: $n, region: CHESHIRE_MERSEYSIDE }) { status } }'
  const ids = 'query ($n: NHSNumber!) { patient(nhsNumber: $n) { documents { nodes { id content { url } } } } }'
  const url = () => urls[name] ?? ''

  test('every call of a request carries its trace: documents by id, changes, privacy officers’ queries and contents', async () => {
    const found = await (await traced.ask(url(), { query: ids, variables: { n: nhsNumber } })).json()
    const document = found.data.patient.documents.nodes.find(({ content }: { content: object | null }) => content)
    const officer = await traced.system.token({ role: 'R5105', organisation: 'REM', person: '555036632112' })
    const token = await traced.system.token()
    const asks: readonly ((traceparent: string) => Promise<Response>)[] = [
      (traceparent) =>
        traced.ask(
          url(),
          { query: 'query ($id: ID!) { document(id: $id) { status } }', variables: { id: document.id } },
          { traceparent },
        ),
      (traceparent) => traced.ask(url(), { query: permit, variables: { n: nhsNumber } }, { traceparent }),
      (traceparent) =>
        traced.ask(
          url(),
          { query: '{ openReviews { complete } }' },
          { traceparent, authorization: `Bearer ${officer}` },
        ),
      (traceparent) => fetch(document.content.url, { headers: { authorization: `Bearer ${token}`, traceparent } }),
    ]
    for (const ask of asks) {
      for (const region of traced.heard) region.requests.length = 0
      const { traceId, traceparent } = newTrace()
      const response = await ask(traceparent)
      expect(response.status).toBe(200)
      expect(await response.text()).not.toContain('"errors"')
      expect(heard().length).toBeGreaterThan(0)
      expect(traceparents().map(traceIdOf)).toEqual(heard().map(() => traceId))
    }
    expect(heard().map(({ path }) => path.split('/')[1])).toEqual(['content'])
  })
})

test('pages of admitted origins may send both trace headers', async () => {
  const url = await traced.gateway({ corsOrigins: ['https://viewer.example'] })
  const response = await fetch(`${url}/graphql`, {
    method: 'OPTIONS',
    headers: { origin: 'https://viewer.example', 'access-control-request-method': 'POST' },
  })
  expect(response.headers.get('access-control-allow-headers')?.split(', ')).toEqual(
    expect.arrayContaining(['traceparent', 'tracestate']),
  )
})
