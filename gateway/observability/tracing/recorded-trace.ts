import type { Span, SpanAttributes, Spans } from '../../../schema/service/spans.ts'
import { printTraceparent, type TraceContext } from '../../../schema/service/trace-context.ts'
import type { TracedCall, TracedCallStart } from '../../regions/region-wait-recorder.ts'
import type { RequestObservation } from '../metrics/request-observation.ts'
import type { RequestTrace } from './request-trace.ts'

export interface RecordedTraceOptions {
  readonly spans: Spans
  /** The request's own span. */
  readonly server: Span
  /** From performance.now to milliseconds since 1970. */
  readonly toEpochMs: (ms: number) => number
  /** The tracestate header to pass on, if any. */
  readonly state: Readonly<Record<string, string>>
  readonly arrivedMs: number
}

interface Interval {
  readonly fromMs: number
  readonly toMs: number
}

/**
 * A request whose spans are recorded. Its own and those of its calls begin when they do, for their ids travel; those of
 * its stages are made when the answer has left.
 */
export class RecordedTrace implements RequestTrace {
  readonly traceId: string
  readonly #options: RecordedTraceOptions
  readonly #called = new Set<string>()
  readonly #waits = new Map<string, Interval>()
  #access: Interval | null = null
  /** When the last stage or wait was over: what follows is the gateway's own work. */
  #lastStageEndMs: number
  #auditedMs = 0
  /** Null: no response was sent, because the client disconnected. */
  #httpStatus: number | null = null

  constructor(options: RecordedTraceOptions) {
    this.#options = options
    this.traceId = options.server.context.traceId
    this.#lastStageEndMs = options.arrivedMs
  }

  startCall({ region, url, method, path, resends }: TracedCallStart): TracedCall {
    const { spans, server, toEpochMs, state } = this.#options
    const { hostname, port, protocol } = new URL(url)
    const span = spans.startSpan({
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

  recordStage(stage: 'plan' | 'access rules' | 'audit', fromMs: number, toMs: number): void {
    if (stage === 'access rules') this.#access = { fromMs: this.#access?.fromMs ?? fromMs, toMs }
    else {
      if (stage === 'audit') this.#recordAssembly(fromMs)
      this.#recordSpan(stage, { fromMs, toMs })
      if (stage === 'audit') this.#auditedMs = toMs
    }
    this.#lastStageEndMs = Math.max(this.#lastStageEndMs, toMs)
  }

  recordWait(region: string, status: string, fromMs: number, toMs: number, call?: TracedCall): void {
    this.#waits.set(region, { fromMs: this.#waits.get(region)?.fromMs ?? fromMs, toMs })
    this.#lastStageEndMs = Math.max(this.#lastStageEndMs, toMs)
    if (!(call instanceof RecordedCall) || call.trace === this) return
    // Another request was asking the same already: its call is in its own trace.
    this.#called.add(region)
    this.#recordSpan(
      region,
      { fromMs, toMs },
      { 'share2care.region': region, 'share2care.region.status': status, 'share2care.shared': true },
      call.context,
    )
  }

  setHttpStatus(httpStatus: number): void {
    this.#httpStatus = httpStatus
  }

  endOperation(
    { requestId, operation, outcome, code, regions }: RequestObservation,
    operationType: string | null,
  ): void {
    const endedMs = performance.now()
    if (this.#access) this.#recordSpan('access rules', this.#access)
    for (const { region, status, fromCache } of regions) {
      // These regions were not called: their reply was cached, their access rules refused, or they are suspended.
      if (this.#called.has(region)) continue
      const atMs = this.#access?.toMs ?? this.#lastStageEndMs
      const attributes = {
        'share2care.region': region,
        'share2care.region.status': status,
        'share2care.from_cache': fromCache,
      }
      this.#recordSpan(region, this.#waits.get(region) ?? { fromMs: atMs, toMs: atMs }, attributes)
    }
    if (this.#auditedMs > 0) this.#recordSpan('print', { fromMs: this.#auditedMs, toMs: endedMs })
    else if (operationType !== null) this.#recordAssembly(endedMs)
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

  endRequest(httpStatus: number): void {
    const { server, toEpochMs } = this.#options
    const attributes = { 'http.response.status_code': httpStatus }
    server.end({
      endedAtMs: toEpochMs(performance.now()),
      attributes,
      errorType: httpStatus >= 500 ? String(httpStatus) : undefined,
    })
  }

  /** Identity checks and merging take from the last reply until now. */
  #recordAssembly(untilMs: number): void {
    if (untilMs > this.#lastStageEndMs) this.#recordSpan('assemble', { fromMs: this.#lastStageEndMs, toMs: untilMs })
  }

  #recordSpan(
    name: string,
    { fromMs, toMs }: Interval,
    attributes: SpanAttributes = {},
    link: TraceContext | null = null,
  ): void {
    const { spans, server, toEpochMs } = this.#options
    spans
      .startSpan({ name, kind: 'internal', parent: server.context, startedAtMs: toEpochMs(fromMs), attributes, link })
      .end({ endedAtMs: toEpochMs(toMs) })
  }
}

class RecordedCall implements TracedCall {
  readonly trace: RecordedTrace
  readonly headers: TracedCall['headers']
  readonly #span: Span
  readonly #toEpochMs: (ms: number) => number
  constructor(trace: RecordedTrace, span: Span, headers: TracedCall['headers'], toEpochMs: (ms: number) => number) {
    this.trace = trace
    this.headers = headers
    this.#span = span
    this.#toEpochMs = toEpochMs
  }
  get context(): TraceContext {
    return this.#span.context
  }
  end(outcome: string, httpStatus: number | null, atMs: number): void {
    const attributes = {
      'share2care.region.status': outcome,
      ...(httpStatus === null ? {} : { 'http.response.status_code': httpStatus }),
    }
    this.#span.end({
      endedAtMs: this.#toEpochMs(atMs),
      attributes,
      errorType: outcome === 'REPLIED' ? undefined : outcome,
    })
  }
}
