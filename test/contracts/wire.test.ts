import { type Metric, Registry } from 'prom-client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createOtlpSpans } from '../../schema/service/otlp-spans.ts'
import { createServiceLog } from '../../schema/service/service-log.ts'
import { createRequestLogger as logStoreRequests } from '../../subgraphs/service/request-logger.ts'
import { startStubRegion } from '../support/http/stub-region.ts'
import { newTrace } from '../support/observability/traced-system.ts'
import { createTestService } from '../support/store/test-service.ts'
import { expectGolden, expectGoldenJson } from './support/golden.ts'
import { mask, sha256Of } from './support/masks.ts'
import { access, officer, type RecordedTraffic, recordTraffic } from './support/recorded-traffic.ts'

const metrics: Metric[] = []
let traffic: RecordedTraffic

beforeAll(async () => {
  const register = Registry.prototype.registerMetric
  const spy = vi.spyOn(Registry.prototype, 'registerMetric').mockImplementation(function (
    this: Registry,
    metric: Metric,
  ) {
    metrics.push(metric)
    register.call(this, metric)
  })
  traffic = await recordTraffic().finally(() => spy.mockRestore())
})
afterAll(() => traffic[Symbol.asyncDispose]())

test('the published operations are answered, byte by byte, as before', () => {
  const hashes = Object.entries(traffic.views).map(([name, text]) => [
    name,
    `${text.length} characters, sha256 ${sha256Of(text)}`,
  ])
  expectGoldenJson('answers.txt', Object.fromEntries(hashes))
  // One to read, where a hash differs.
  expectGolden('answer-full-record.txt', `${traffic.views['FullRecord 9990000018']}\n`)
})

test('changes, reviews and what an officer asks are answered as before', () => {
  expectGoldenJson('answers-changes.txt', traffic.changes)
})

test('a content url, and the headers a content is sent with, are those of before', () => {
  expectGoldenJson('contents.txt', { path: traffic.contentPath, ...traffic.contents })
})

test('each refusal has the status, the headers and the body of before', () => {
  expectGoldenJson('refusals.txt', traffic.refusals)
})

test('the audit trail has the lines of before for the same requests', () => {
  const events = traffic.trail.map((line) => mask(line.slice(line.indexOf('"event":'), line.lastIndexOf(',"hash"'))))
  expect(events.length).toBeGreaterThan(60)
  const texts = toSet(events)
  // All by their hash; to read, those that are no view, and the first of the views.
  const [view = '', ...others] = [
    ...texts.filter((text) => text.includes('"kind":"VIEW"')).slice(0, 1),
    ...texts.filter((text) => !text.includes('"kind":"VIEW"')),
  ]
  const summary = texts.map(
    (text) => /"region":[^,]+,"decision":\{"code":"\w+","rules":\[[^\]]*\]/.exec(text)?.[0] ?? '',
  )
  expectGolden(
    'audit-of-requests.txt',
    `${events.length} lines, sha256 ${sha256Of(texts.join('\n'))}\n${[view, ...others, ...toSet(summary)].join('\n')}\n`,
  )
})

test('the lines of the logs have the keys, levels and codes of before', () => {
  const requests = traffic.log.map((line) => JSON.parse(line)).filter(({ requestId }) => requestId !== undefined)
  const store: string[] = []
  const log = logStoreRequests({ level: 'info', slowMs: 100, to: { write: (line: string) => void store.push(line) } })
  log({ kind: 'read', operation: 'exchangeView', status: 200, durationMs: 1, ended: 'WHOLE' })
  log({ kind: 'read', operation: 'other', status: 200, durationMs: 1000, ended: 'WHOLE' })
  log({ kind: 'publish', operation: 'other', status: 503, durationMs: 1, ended: 'CUT' })
  const faults: string[] = []
  const error = Object.assign(new Error('one', { cause: new AggregateError([new SyntaxError('x')], 'two') }), {
    code: 'SOME_CODE',
  })
  createServiceLog({ write: (line: string) => void faults.push(line) })('failed', error)
  const shapes = (lines: readonly unknown[]) => toSet(lines.map((line) => JSON.stringify(toShape(line))))
  expectGoldenJson('log-lines.txt', {
    gatewayRequests: shapes(requests),
    outcomes: toSet(requests.map(({ operation, outcome, code }) => `${operation} ${outcome} ${code ?? '-'}`)),
    statuses: toSet(
      requests.flatMap(({ regions }) => regions.map(({ status }: { readonly status: string }) => status)),
    ),
    storeRequests: store.map((line) => ({ ...JSON.parse(line), time: '' })),
    faults: shapes(faults.map((line) => JSON.parse(line))),
  })
})

test("the operations page's figures have the keys of before", () => {
  expectGoldenJson('operations-figures.txt', toSet(toKeys(traffic.figures)))
})

test('the metrics have the names, types, labels and buckets of before', async () => {
  const registered = metrics.map((metric) => {
    const { name, labelNames = [] } = metric as unknown as {
      readonly name: string
      readonly labelNames?: readonly string[]
    }
    return `${name} ${[...labelNames].sort().join(',')}`
  })
  const addresses = [traffic.url, ...traffic.system.regions.map((region) => region.url)]
  const texts = await Promise.all(addresses.map(async (at) => (await fetch(`${at}/metrics`)).text()))
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => /^(# TYPE )?(gateway|store)_/.test(line))
  expectGoldenJson('metrics.txt', { registered: toSet(registered), samples: toSet(lines.map(toSample)) })
})

/** A line of metrics without values, and of a label the name alone; but of a bucket its bound. */
function toSample(line: string): string {
  if (line.startsWith('#')) return line
  return line
    .replaceAll(/(\w+)="([^"]*)"/g, (_, label, value) => (label === 'le' ? `le=${value}` : label))
    .replace(/ [^ ]+$/, '')
}

test('the spans of a gateway and of a store have the names and attributes of before', async () => {
  const { collector, url } = traffic
  const spans = createOtlpSpans({
    collectorUrl: collector.url,
    ratio: 1,
    service: 'store',
    log: () => {},
    sendEveryMs: 5,
  })
  await using store = await createTestService({ spans, publish: async () => new Response(null, { status: 503 }) })
  await using listening = await store.service.listen({ port: 0 })
  const ofStore = newTrace()
  const ofGateway = newTrace()
  const post = async (target: string, { traceparent }: { readonly traceparent: string }) =>
    (await fetch(target, { method: 'POST', headers: { traceparent } })).text()
  await post(`${listening.url}/graphql`, ofStore)
  await post(`${listening.url}/fhir`, ofStore)
  // The last of the gateway's: spans are sent in the order in which they end.
  await post(`${url}/graphql`, ofGateway)
  await Promise.all([collector.trace(ofStore.traceId, 2), collector.trace(ofGateway.traceId, 1)])
  await spans.close()
  const rows = collector.spans.map(
    ({ service, name, kind, attributes }) => `${service}: ${name} ${kind} ${Object.keys(attributes).sort().join(' ')}`,
  )
  expectGoldenJson('spans.txt', toSet(rows))
})

test('a region is asked, byte by byte, in the words of before', async () => {
  const { ask, system, contentPath, token } = traffic
  const heard: string[] = []
  await using region = await startStubRegion((request, body) => {
    const headers = Object.keys(request.headers).filter(
      (name) => !['connection', 'host', 'content-length'].includes(name),
    )
    if (request.url !== '/changes') heard.push(`${request.method} ${request.url} ${headers.sort().join(' ')}\n${body}`)
    return { status: 500, body: '' }
  })
  const at = await system.another({
    regions: system.regions.map((one) => ({ ...one, url: region.url })),
    log: () => {},
  })
  for (const name of [
    'PatientSummary',
    'FullRecord',
    'RegionalRecords',
    'DocumentsTimeline',
    'EncountersTimeline',
    'ResultsTimeline',
  ]) {
    await ask(name, { nhsNumber: '9990000018', access, first: 5 }, { at })
  }
  const about = { nhsNumber: '9990000484', region: 'CHESHIRE_MERSEYSIDE' }
  await ask('WardList', { nhsNumbers: ['9990000018', '9990000050'], access }, { at })
  await ask(
    'BreakGlass',
    { ...about, barrier: 'PERMISSION', reason: 'EMERGENCY', justification: 'Found unconscious.' },
    { at },
  )
  await ask('RecordPermission', about, { at })
  await ask('WithdrawPermission', about, { at })
  await ask('OpenReviews', { first: 5 }, { ...officer, at })
  await ask(
    'ReviewOverride',
    { grant: 'cheshire-merseyside.none', office: 'REGION', outcome: 'JUSTIFIED', note: 'Read.' },
    { ...officer, at },
  )
  await ask(
    'ExplainAccess',
    { nhsNumber: '9990000018', viewer: { role: 'R0050', organisation: 'REM' } },
    { ...officer, at },
  )
  await ask('UtilisationReport', { week: '2026-W47' }, { scope: 'reports', at })
  await (
    await fetch(`${at}${contentPath}`, {
      headers: { authorization: `Bearer ${token}`, range: 'bytes=0-9', 'if-range': '"x"' },
    })
  ).text()
  expectGolden('asked-of-regions.txt', toSet(heard).join('\n\n'))
})

function toSet(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort()
}

/** A value with its keys in order, the level of a line, and the types of all else. */
function toShape(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map((one) => toShape(one))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toShape(part, name)]))
  return key === 'level' || value === null ? value : typeof value
}

/** Every key in a value with those above it; those of notices come and go with how busy the machine is. */
function toKeys(value: unknown, above = ''): readonly string[] {
  if (above === '.notices') return []
  if (Array.isArray(value)) return value.flatMap((one) => toKeys(one, `${above}[]`))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => [`${above}.${key}`, ...toKeys(part, `${above}.${key}`)])
}
