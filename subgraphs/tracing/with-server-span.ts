import type { RoutedListener } from '../../schema/http/front-door.ts'
import type { StoreRoute } from '../../schema/http/routes.ts'
import { epochOffsetMs } from '../../schema/tracing/epoch-offset.ts'
import type { Spans } from '../../schema/tracing/spans.ts'
import { parseTraceparent } from '../../schema/tracing/trace-context.ts'

/** Makes a span of each request for records, contents and publishing, under the span that asked for it (`traceparent`); of the change feed none, for it does not end. */
export function withServerSpan<Caller>(handler: RoutedListener<StoreRoute, Caller>, spans: Spans | null): RoutedListener<StoreRoute, Caller> {
  if (!spans) return handler
  return (request, response, visit) => {
    const { name, route } = visit.match
    if (traced.has(name)) {
      const { method = 'GET' } = request
      // Without a document's id, which is a patient's.
      const { template } = route
      const attributes = { 'http.request.method': method, 'http.route': template }
      const offsetMs = epochOffsetMs(Date.now())
      const parent = parseTraceparent(request.headers.traceparent)
      const span = spans.begin({ name: `${method} ${template}`, kind: 'server', parent, isRemoteParent: true, startedAtMs: offsetMs + performance.now(), attributes })
      response.once('close', () => {
        const { statusCode } = response
        // Who asked has gone, as where its time was over: there is no status that it saw.
        const isWhole = response.writableFinished
        const errorType = !isWhole ? 'CUT' : statusCode >= 500 ? String(statusCode) : undefined
        span.end({ endedAtMs: offsetMs + performance.now(), attributes: isWhole ? { 'http.response.status_code': statusCode } : {}, errorType })
      })
    }
    return handler(request, response, visit)
  }
}

const traced: ReadonlySet<StoreRoute> = new Set<StoreRoute>(['graphql', 'content', 'fhir'])
