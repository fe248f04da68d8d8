import type { IncomingMessage } from 'node:http'
import type { RoutedListener } from '../../schema/http/front-door.ts'
import type { StoreRoute } from '../../schema/http/routes.ts'
import { parseTraceparent } from '../../schema/tracing/trace-context.ts'
import type { ServiceContext } from './resolvers.ts'
import type { ServedKind, ServedRequest, ServiceMetrics } from './service-metrics.ts'

export interface ObservationOptions {
  readonly metrics?: Pick<ServiceMetrics, 'requestBegan' | 'requestEnded'>
  /** The root field that a request was found to ask for. */
  readonly rootFieldOf: (request: IncomingMessage) => string | undefined
  readonly logRequest?: (request: ServedRequest) => void
}

export type StoreListener = RoutedListener<StoreRoute, ServiceContext>

/** Tells of each request that is work, when its answer has been handed over or its caller has gone: outside all else, so that nothing is missed. */
export function withObservation(handler: StoreListener, { metrics, rootFieldOf, logRequest }: ObservationOptions): StoreListener {
  return (request, response, visit) => {
    const kind = kinds[visit.match.name]
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
    return handler(request, response, visit)
  }
}

/** Health and metrics are no work. */
const kinds: Readonly<Record<StoreRoute, ServedKind | null>> = {
  graphql: 'read',
  content: 'content',
  changes: 'changes',
  fhir: 'publish',
  live: null,
  ready: null,
  metrics: null,
}
