import type { Spans } from '../../../schema/service/spans.ts'
import {
  epochOffsetMs,
  parseTraceparent,
  printTraceparent,
  sampledFlag,
} from '../../../schema/service/trace-context.ts'
import type { CreateCredentials } from '../../regions/credentials.ts'
import type { CallTrace } from '../../regions/region-wait-recorder.ts'
import { RecordedTrace } from './recorded-trace.ts'
import type { RequestTrace } from './request-trace.ts'
import { PropagatedTrace } from './request-trace.ts'

/**
 * A request's headers as node:http gives them, of which traceparent and tracestate say in which trace it stands (W3C
 * Trace Context).
 */
export type TraceHeaders = Readonly<Record<string, string | string[] | undefined>>

/** The two of a fetch request's headers. */
export function toTraceHeaders(headers: Headers): TraceHeaders {
  const traceparent = headers.get('traceparent')
  return traceparent === null ? {} : { traceparent, tracestate: headers.get('tracestate') ?? undefined }
}

/** Begins a request's part in a trace: at `arrivedMs`, by performance.now. Null: it stands in none. */
export type StartTrace = (
  method: 'GET' | 'POST',
  route: string,
  headers: TraceHeaders,
  arrivedMs: number,
) => RequestTrace | null

/** Without `spans`, what a request says is passed on to the regions, and nothing is recorded. */
export function createTraceStarter(spans: Spans | null, now: () => number): StartTrace {
  return (method, route, headers, arrivedMs) => {
    if (!spans && headers.traceparent === undefined) return null
    const parent = parseTraceparent(headers.traceparent)
    // Without its traceparent, a tracestate says nothing (3.3).
    const state = parent ? toTracestate(headers.tracestate) : {}
    const isSampled = parent === null || (parent.flags & sampledFlag) !== 0
    if (!spans || (parent && !isSampled))
      return parent && new PropagatedTrace(parent.traceId, { traceparent: printTraceparent(parent), ...state })
    const offsetMs = epochOffsetMs(now())
    const toEpochMs = (ms: number) => ms + offsetMs
    const server = spans.startSpan({
      name: `${method} ${route}`,
      kind: 'server',
      parent,
      isRemoteParent: true,
      startedAtMs: toEpochMs(arrivedMs),
      attributes: { 'http.request.method': method, 'http.route': route },
    })
    const { context } = server
    // The sampler dropped this trace. The regions receive that decision, and record nothing either.
    if ((context.flags & sampledFlag) === 0)
      return new PropagatedTrace(context.traceId, { traceparent: printTraceparent(context) })
    return new RecordedTrace({ spans, server, toEpochMs, state, arrivedMs })
  }
}

/** As it came, where it can be sent on: a header that could not be sent would fail the call. */
function toTracestate(header: unknown): { readonly tracestate?: string } {
  return typeof header === 'string' && /^[\x20-\x7e]{1,512}$/.test(header) ? { tracestate: header } : {}
}

/**
 * Adds the request's trace headers to its credentials, and so to each call. A coalesced call carries the trace of
 * its first requester.
 */
export function withTrace(credentialsFor: CreateCredentials, trace: CallTrace | null): CreateCredentials {
  return trace ? async (region, context) => ({ ...(await credentialsFor(region, context)), trace }) : credentialsFor
}
