import type { OpenSpan, SpanAttributes, Spans } from '../../schema/tracing/spans.ts'
import { printTraceparent, type TraceContext } from '../../schema/tracing/trace-context.ts'
import type { RequestObservation } from '../metrics/request-observation.ts'
import type { TracedCall, TracedStart } from '../regions/call-trace.ts'
import type { RequestTrace } from './request-trace.ts'

export interface RecordedTraceOptions {
  readonly spans: Spans
  /** The request's own span. */
  readonly server: OpenSpan
  /** From performance.now to milliseconds since 1970. */
  readonly toEpochMs: (ms: number) => number
  /** The tracestate header to pass on, if any. */
  readonly state: Readonly<Record<string, string>>
  readonly arrivedMs: number
}

interface Stretch {
  readonly fromMs: number
  readonly toMs: number
}

/**
 * A request whose spans are recorded. Its own and those of its calls begin when they do, for their ids travel; those of its stages are made when
 * the answer has left.
 */
export class RecordedTrace implements RequestTrace {
  readonly traceId: string
  readonly #options: RecordedTraceOptions
  readonly #called = new Set<string>()
  readonly #waits = new Map<string, Stretch>()
  #access: Stretch | null = null
  /** When the last stage or wait was over: what follows is the gateway's own work. */
  #overMs: number
  #auditedMs = 0
  /** Null: nothing was answered, for who asked hung up. */
  #httpStatus: number | null = null

  constructor(options: RecordedTraceOptions) {
    this.#options = options
    this.traceId = options.server.context.traceId
    this.#overMs = options.arrivedMs
  }

  call({ region, url, method, path, resends }: TracedStart): TracedCall {
    const { spans, server, toEpochMs, state } = this.#options
    const { hostname, port, protocol } = new URL(url)
    const span = spans.begin({
      name: `${method} ${region}${path}`,
      kind: 'client',
      parent: server.context,
      startedAtMs: toEpochMs(performance.now()),
      attributes: {
        'share2care.region': region,
        'http.request.method': method,
        'url.template': path,
        'server.address': hostname,
        'server.port': Number(port || (protocol === 'https:' ? 443 : 80)),
        ...(resends > 0 ? { 'http.request.resend_count': resends } : {}),
      },
    })
    this.#called.add(region)
    return new RecordedCall(this, span, { traceparent: printTraceparent(span.context), ...state }, toEpochMs)
  }

  stage(stage: 'plan' | 'access rules' | 'audit', fromMs: number, toMs: number): void {
    if (stage === 'access rules') this.#access = { fromMs: this.#access?.fromMs ?? fromMs, toMs }
    else {
      if (stage === 'audit') this.#assembled(fromMs)
      this.#span(stage, { fromMs, toMs })
      if (stage === 'audit') this.#auditedMs = toMs
    }
    this.#overMs = Math.max(this.#overMs, toMs)
  }

  waited(region: string, status: string, fromMs: number, toMs: number, call?: TracedCall): void {
    this.#waits.set(region, { fromMs: this.#waits.get(region)?.fromMs ?? fromMs, toMs })
    this.#overMs = Math.max(this.#overMs, toMs)
    if (!(call instanceof RecordedCall) || call.trace === this) return
    // Another request was asking the same already: its call is in its own trace.
    this.#called.add(region)
    this.#span(region, { fromMs, toMs }, { 'share2care.region': region, 'share2care.region.status': status, 'share2care.shared': true }, call.context)
  }

  answering(httpStatus: number): void {
    this.#httpStatus = httpStatus
  }

  answered({ requestId, operation, outcome, code, regions }: RequestObservation, operationType: string | null): void {
    const endedMs = performance.now()
    if (this.#access) this.#span('access rules', this.#access)
    for (const { region, status, fromCache } of regions) {
      // What was not called: kept, refused by its access rules, or suspended.
      if (this.#called.has(region)) continue
      const atMs = this.#access?.toMs ?? this.#overMs
      const attributes = { 'share2care.region': region, 'share2care.region.status': status, 'share2care.from_cache': fromCache }
      this.#span(region, this.#waits.get(region) ?? { fromMs: atMs, toMs: atMs }, attributes)
    }
    if (this.#auditedMs > 0) this.#span('print', { fromMs: this.#auditedMs, toMs: endedMs })
    else if (operationType !== null) this.#assembled(endedMs)
    this.#options.server.end({
      endedAtMs: this.#options.toEpochMs(endedMs),
      name: operationType === null ? 'POST /graphql' : `${operationType} ${operation}`,
      attributes: {
        'graphql.operation.name': operation,
        ...(operationType === null ? {} : { 'graphql.operation.type': operationType }),
        ...(this.#httpStatus === null ? {} : { 'http.response.status_code': this.#httpStatus }),
        'share2care.outcome': outcome,
        'share2care.request_id': requestId,
      },
      errorType: outcome === 'FAILED' ? (code ?? outcome) : undefined,
    })
  }

  responded(httpStatus: number): void {
    const { server, toEpochMs } = this.#options
    const attributes = { 'http.response.status_code': httpStatus }
    server.end({ endedAtMs: toEpochMs(performance.now()), attributes, errorType: httpStatus >= 500 ? String(httpStatus) : undefined })
  }

  /** Identity, merging: from what was heard last until now. */
  #assembled(untilMs: number): void {
    if (untilMs > this.#overMs) this.#span('assemble', { fromMs: this.#overMs, toMs: untilMs })
  }

  #span(name: string, { fromMs, toMs }: Stretch, attributes: SpanAttributes = {}, link: TraceContext | null = null): void {
    const { spans, server, toEpochMs } = this.#options
    spans.begin({ name, kind: 'internal', parent: server.context, startedAtMs: toEpochMs(fromMs), attributes, link }).end({ endedAtMs: toEpochMs(toMs) })
  }
}

class RecordedCall implements TracedCall {
  readonly trace: RecordedTrace
  readonly headers: TracedCall['headers']
  readonly #span: OpenSpan
  readonly #toEpochMs: (ms: number) => number
  constructor(trace: RecordedTrace, span: OpenSpan, headers: TracedCall['headers'], toEpochMs: (ms: number) => number) {
    this.trace = trace
    this.headers = headers
    this.#span = span
    this.#toEpochMs = toEpochMs
  }
  get context(): TraceContext {
    return this.#span.context
  }
  ended(outcome: string, httpStatus: number | null, atMs: number): void {
    const attributes = { 'share2care.region.status': outcome, ...(httpStatus === null ? {} : { 'http.response.status_code': httpStatus }) }
    this.#span.end({ endedAtMs: this.#toEpochMs(atMs), attributes, errorType: outcome === 'REPLIED' ? undefined : outcome })
  }
}
