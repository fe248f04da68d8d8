import type { GatewayOptions } from '../../../gateway/gateway.ts'
import { createOtlpSpans } from '../../../schema/service/otlp-spans.ts'
import type { Spans } from '../../../schema/service/spans.ts'
import { type System, startSystem } from '../system.ts'
import { type Collector, startCollector } from './collector.ts'
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.ts'

/** Both stores with the demo's people, what they hear of traces, a collector, and gateways over them. */
export interface TracedSystem extends AsyncDisposable {
  readonly system: System
  readonly collector: Collector
  readonly heard: readonly RecordingProxy[]
  /** The address of a gateway. */
  gateway(options?: Partial<GatewayOptions>): Promise<string>
  /** Spans that go to the collector at once. */
  spans(ratio?: number, collectorUrl?: string): Spans
  /** Asks a gateway for an operation. */
  ask(url: string, body: object, headers?: Readonly<Record<string, string>>): Promise<Response>
}

export async function startTracedSystem(): Promise<TracedSystem> {
  await using starting = new AsyncDisposableStack()
  const collector = starting.use(await startCollector())
  const system = await startSystem({ people: true })
  const heard = await Promise.all(system.regions.map(async ({ url }) => starting.use(await startRecordingProxy(url))))
  // Before what its gateways talk to.
  starting.use(system)
  const regions = system.regions.map((region, index) => ({ ...region, url: heard[index]?.url ?? '' }))
  const token = await system.token()
  const running = starting.move()
  return {
    system,
    collector,
    heard,
    gateway: (options = {}) => system.another({ regions, ...options }),
    spans: (ratio = 1, collectorUrl = collector.url) =>
      createOtlpSpans({ collectorUrl, ratio, service: 'gateway', log: () => {}, sendEveryMs: 5 }),
    ask: (url, body, headers = {}) =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
        body: JSON.stringify(body),
      }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

let count = 0

/** The headers of a trace that nobody else has. */
export function newTrace(flags = '01'): {
  readonly traceId: string
  readonly spanId: string
  readonly traceparent: string
} {
  const number = (++count).toString(16)
  const traceId = `a${number.padStart(31, '0')}`
  const spanId = `b${number.padStart(15, '0')}`
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` }
}
