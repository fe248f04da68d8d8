import type { RoutedListener } from '../../schema/service/front-door.ts'
import type { StoreRoute } from '../../schema/service/routes.ts'
import type { Spans } from '../../schema/service/spans.ts'
import { epochOffsetMs, parseTraceparent } from '../../schema/service/trace-context.ts'

/**
 * Records a span of each request for records, contents and publishing, under its caller's span (`traceparent`). The
 * change feed has none, because it does not end.
 */
export function withServerSpan<Caller>(
  handler: RoutedListener<StoreRoute, Caller>,
  spans: Spans | null,
): RoutedListener<StoreRoute, Caller> {
  if (!spans) return handler
  return (request, response, routed) => {
    const { name, route } = routed.match
    if (traced.has(name)) {
      const { method = 'GET' } = request
      // The span has the route's template, because a document's id is patient data.
      const { template } = route
      const attributes = { 'http.request.method': method, 'http.route': template }
      const offsetMs = epochOffsetMs(Date.now())
      const parent = parseTraceparent(request.headers.traceparent)
      const span = spans.startSpan({
        name: `${method} ${template}`,
        kind: 'server',
        parent,
        isRemoteParent: true,
        startedAtMs: offsetMs + performance.now(),
        attributes,
      })
      response.once('close', () => {
        const { statusCode } = response
        // The caller has gone, for example at its deadline, so it saw no status.
        const isWhole = response.writableFinished
        const errorType = !isWhole ? 'CUT' : statusCode >= 500 ? String(statusCode) : undefined
        span.end({
          endedAtMs: offsetMs + performance.now(),
          attributes: isWhole ? { 'http.response.status_code': statusCode } : {},
          errorType,
        })
      })
    }
    return handler(request, response, routed)
  }
}

const traced: ReadonlySet<StoreRoute> = new Set<StoreRoute>(['graphql', 'content', 'fhir'])
