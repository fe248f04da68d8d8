import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { findLeakedSecrets } from '../support/leaks/find-leaked-secrets.ts'
import { startCollector } from '../support/observability/collector.ts'
import { newTrace } from '../support/observability/traced-system.ts'
import { createServiceProcesses } from '../support/service-processes.ts'

const slugs = ['cheshire-merseyside', 'lancashire-south-cumbria'] as const
const nhsNumber = '9990000328'

test('a view is one trace of the gateway and both stores, all of it sent before they end, named in their logs, and there is nothing of the patient or the viewer in it', async () => {
  await using collector = await startCollector()
  await using system = await createServiceProcesses()
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
  const stores = await Promise.all(slugs.map((slug) => system.startDemoStore(slug, environment)))
  const gateway = await system.startGateway({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  const token = await system.token()
  const ask = (query: string, variables: object, traceparent: string, bearer = token) =>
    fetch(`${system.gatewayUrl()}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${bearer}`,
        traceparent,
        tracestate: 'vendor=Quillfeatherstone',
      },
      body: JSON.stringify({ query, variables }),
    })
  const { traceId, spanId, traceparent } = newTrace()
  const look = `query Wobblehoof($n: NHSNumber!) { patient(nhsNumber: $n) {
    completeness { complete } demographics { name { family full } } documents { nodes { id title content { url } } } } }`
  const { patient } = (await (await ask(look, { n: nhsNumber }, traceparent)).json()).data
  expect(patient.completeness.complete).toBe(true)
  const document = patient.documents.nodes.find(({ content }: { content: object | null }) => content)
  const opened = newTrace()
  await (
    await fetch(document.content.url, {
      headers: { authorization: `Bearer ${token}`, traceparent: opened.traceparent },
    })
  ).text()
  // What goes wrong holds names, too.
  const failing = newTrace()
  await (await ask('query Quillfeatherstone { nothing }', { n: nhsNumber }, failing.traceparent)).text()
  await (
    await ask(
      'query ($n: NHSNumber!) { patient(nhsNumber: $n) { presence } }',
      { n: '9990000019' },
      failing.traceparent,
    )
  ).text()
  await (await ask(look, { n: nhsNumber }, failing.traceparent, 'Quillfeatherstone')).text()
  const breakGlass = `mutation ($n: NHSNumber!) { breakGlass(input: { nhsNumber: $n, region: CHESHIRE_MERSEYSIDE, barrier: PERMISSION, reason: EMERGENCY, justification: "Quillfeatherstone collapsed" }) { status } }`
  await (await ask(breakGlass, { n: nhsNumber }, failing.traceparent)).text()

  // Nothing is waited for: what is not sent yet is sent at the end.
  const processes = [gateway, ...stores]
  for (const { child } of processes) child.kill('SIGTERM')
  expect(await Promise.all(processes.map(({ ended }) => ended))).toEqual([0, 0, 0])

  const spans = collector.spans.filter((span) => span.traceId === traceId)
  const server = spans.find(({ name }) => name === 'query other')
  expect(server).toMatchObject({ service: 'share2care-gateway', parentSpanId: spanId, kind: 2 })
  const calls = spans.filter(({ kind }) => kind === 3)
  expect(calls.map((call) => call.parentSpanId)).toEqual([server?.spanId, server?.spanId])
  const answers = spans.filter(({ service }) => service !== 'share2care-gateway')
  expect(answers.map(({ service, name, kind }) => [service, name, kind]).sort()).toEqual(
    slugs.map((slug) => [`share2care-${slug}`, 'POST /graphql', 2]),
  )
  expect(answers.map(({ parentSpanId }) => parentSpanId).sort()).toEqual(calls.map((call) => call.spanId).sort())
  for (const answer of answers) {
    const call = calls.find((one) => one.spanId === answer.parentSpanId)
    expect(answer.attributes['http.response.status_code']).toBe(200)
    // It begins while it is being called, by clocks that differ by less.
    expect(answer.startMs).toBeGreaterThan((call?.startMs ?? 0) - 2)
    expect(answer.startMs).toBeLessThan((call?.endMs ?? 0) + 2)
  }
  const content = collector.spans.filter((span) => span.traceId === opened.traceId)
  expect(
    content.map(({ kind, attributes }) => [kind, attributes['http.route'] ?? attributes['url.template']]).sort(),
  ).toEqual([
    [2, '/content/{id}'],
    [2, '/documents/{ticket}'],
    [3, '/content/{id}'],
  ])
  expect(collector.spans.filter((span) => span.traceId === failing.traceId).length).toBeGreaterThan(5)

  const said = [{ where: 'the collector', text: JSON.stringify(collector.sent) }]
  const [, ...tokenParts] = token.split('.')
  const ticket = document.content.url.split('/').at(-1)
  const secrets = {
    nhsNumber,
    mistyped: '9990000019',
    family: patient.demographics.name.family,
    words: 'Quillfeatherstone',
    text: 'Wobblehoof',
    viewer: 'Ada Sample',
  }
  const ids = {
    person: '555036632103',
    documentId: document.id,
    title: document.title,
    ticket,
    ...Object.fromEntries(tokenParts.map((part, index) => [`token ${index}`, part])),
  }
  expect(findLeakedSecrets(said, { ...secrets, ...ids })).toEqual([])
  expect(findLeakedSecrets(said, { planted: 'share2care-gateway' })).toEqual(['the collector: planted'])

  for (const { out } of processes)
    expect(
      out()
        .split('\n')
        .filter((line) => line.includes(`"traceId":"${traceId}"`)),
    ).toHaveLength(1)
})

test('a collector that never answers does not keep the gateway from ending in order', async () => {
  const collector = createServer((request) => void request.resume())
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  await using system = await createServiceProcesses()
  const gateway = await system.startGateway({
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
  })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await system.token()}` }
  const body = JSON.stringify({ query: '{ viewer { id } }' })
  expect((await fetch(`${system.gatewayUrl()}/graphql`, { method: 'POST', headers, body })).status).toBe(200)
  gateway.child.kill('SIGTERM')
  // 1 after eight seconds (STOP_SECONDS).
  expect(await gateway.ended).toBe(0)
  collector.closeAllConnections()
  collector.close()
})
