import type { IncomingMessage, RequestListener } from 'node:http'
import { changesPath } from '../../schema/change-event.ts'
import { parseTraceparent } from '../../schema/tracing/trace-context.ts'
import type { ServedKind, ServedRequest, ServiceMetrics } from './service-metrics.ts'
import { contentPath } from './use-content.ts'

export interface ObservationOptions {
  readonly metrics?: Pick<ServiceMetrics, 'requestBegan' | 'requestEnded'>
  /** The root field that a request was found to ask for. */
  readonly rootFieldOf: (request: IncomingMessage) => string | undefined
  readonly logRequest?: (request: ServedRequest) => void
}

/** Tells of each request that is work, when its answer has been handed over or its caller has gone: outside all else, so that nothing is missed. */
export function withObservation(handler: RequestListener, { metrics, rootFieldOf, logRequest }: ObservationOptions): RequestListener {
  return (request, response) => {
    const kind = toKind(request.url ?? '')
    if (kind) {
      const beganAtMs = performance.now()
      metrics?.requestBegan(kind)
      response.once('close', () => {
        const trace = parseTraceparent(request.headers.traceparent)
        const served: ServedRequest = {
          kind,
          operation: kind === 'read' ? (rootFieldOf(request) ?? 'other') : kind,
          status: response.statusCode,
          durationMs: Math.round((performance.now() - beganAtMs) * 1000) / 1000,
          ended: response.writableFinished ? 'WHOLE' : 'CUT',
          ...(trace ? { traceId: trace.traceId } : {}),
        }
        metrics?.requestEnded(served)
        logRequest?.(served)
      })
    }
    return handler(request, response)
  }
}

const kinds: Readonly<Record<string, ServedKind>> = { '/graphql': 'read', '/fhir': 'publish', [changesPath]: 'changes' }

/** Health, metrics and what is not there are no work. */
function toKind(url: string): ServedKind | undefined {
  const [path = ''] = url.split('?', 1)
  return path.startsWith(contentPath) ? 'content' : kinds[path]
}
