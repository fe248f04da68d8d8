import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** A span as a collector is sent it. */
export interface SentSpan {
  readonly service: string
  readonly traceId: string
  readonly spanId: string
  /** Empty: a root. */
  readonly parentSpanId: string
  readonly name: string
  /** Of the OTLP enumeration: 1 internal, 2 server, 3 client. */
  readonly kind: number
  readonly startMs: number
  readonly endMs: number
  readonly attributes: Readonly<Record<string, unknown>>
  readonly isError: boolean
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
}

/** An OpenTelemetry collector that takes OTLP over HTTP as JSON, and keeps it. */
export interface Collector extends AsyncDisposable {
  readonly url: string
  readonly spans: readonly SentSpan[]
  /** All that was sent, as it came. */
  readonly sent: readonly unknown[]
  /** Resolves when a trace has so many spans. */
  trace(traceId: string, count: number): Promise<readonly SentSpan[]>
}

export async function startCollector(): Promise<Collector> {
  const spans: SentSpan[] = []
  const sent: unknown[] = []
  const come = new EventTarget()
  const server = createServer(async (request, response) => {
    if (request.url !== '/v1/traces' || request.headers['content-type'] !== 'application/json')
      return void response.writeHead(404).end()
    const body = (await json(request)) as OtlpTraces
    sent.push(body)
    spans.push(...body.resourceSpans.flatMap(toSpans))
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    come.dispatchEvent(new Event('come'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    sent,
    trace: (traceId, count) =>
      new Promise((resolve) => {
        const look = () => {
          const found = spans.filter((span) => span.traceId === traceId)
          if (found.length < count) return
          come.removeEventListener('come', look)
          resolve(found)
        }
        come.addEventListener('come', look)
        look()
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Of OTLP's JSON what is looked at. */
interface OtlpTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] }
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[]
  }[]
}

interface OtlpSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes?: readonly OtlpAttribute[]
  readonly status?: { readonly code?: number }
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[]
}

interface OtlpAttribute {
  readonly key: string
  /** By its type: { stringValue }, { intValue }, ... */
  readonly value: Readonly<Record<string, unknown>>
}

function toSpans({ resource, scopeSpans }: OtlpTraces['resourceSpans'][number]): readonly SentSpan[] {
  const service = String(toAttributes(resource.attributes)['service.name'])
  return scopeSpans.flatMap((scope) =>
    scope.spans.map(
      ({
        traceId,
        spanId,
        parentSpanId = '',
        name,
        kind,
        startTimeUnixNano,
        endTimeUnixNano,
        attributes = [],
        status,
        links = [],
      }) => ({
        service,
        traceId,
        spanId,
        parentSpanId,
        name,
        kind,
        startMs: Number(BigInt(startTimeUnixNano) / 1000n) / 1000,
        endMs: Number(BigInt(endTimeUnixNano) / 1000n) / 1000,
        attributes: toAttributes(attributes),
        isError: status?.code === 2,
        links: links.map((link) => ({ traceId: link.traceId, spanId: link.spanId })),
      }),
    ),
  )
}

function toAttributes(attributes: readonly OtlpAttribute[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}
