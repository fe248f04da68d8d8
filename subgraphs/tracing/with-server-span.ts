import type { RequestListener } from 'node:http'
import { epochOffsetMs } from '../../schema/tracing/epoch-offset.ts'
import type { Spans } from '../../schema/tracing/spans.ts'
import { parseTraceparent } from '../../schema/tracing/trace-context.ts'

/** Makes a span of each request for records, contents and publishing, under the span that asked for it (`traceparent`); of the change feed none, for it does not end. */
export function withServerSpan(handler: RequestListener, spans: Spans | null): RequestListener {
  if (!spans) return handler
  return (request, response) => {
    const route = toRoute(request.url ?? '')
    if (route) {
      const { method = 'GET' } = request
      const attributes = { 'http.request.method': method, 'http.route': route }
      const offsetMs = epochOffsetMs(Date.now())
      const parent = parseTraceparent(request.headers.traceparent)
      const span = spans.begin({ name: `${method} ${route}`, kind: 'server', parent, isRemoteParent: true, startedAtMs: offsetMs + performance.now(), attributes })
      response.once('close', () => {
        const { statusCode } = response
        // Who asked has gone, as where its time was over: there is no status that it saw.
        const isWhole = response.writableFinished
        const errorType = !isWhole ? 'CUT' : statusCode >= 500 ? String(statusCode) : undefined
        span.end({ endedAtMs: offsetMs + performance.now(), attributes: isWhole ? { 'http.response.status_code': statusCode } : {}, errorType })
      })
    }
    return handler(request, response)
  }
}

const routes = new Set(['/graphql', '/fhir'])

/** Without a document's id, which is a patient's. */
function toRoute(url: string): string | null {
  const [path = ''] = url.split('?', 1)
  if (path.startsWith('/content/')) return '/content/{id}'
  return routes.has(path) ? path : null
}
