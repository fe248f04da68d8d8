import type { IncomingMessage } from 'node:http'
import { type DocumentNode, getOperationAST, Kind } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { RoutedListener } from '../../schema/service/front-door.ts'
import type { StoreRoute } from '../../schema/service/routes.ts'
import { parseTraceparent } from '../../schema/service/trace-context.ts'
import type { StoreRequestContext } from './resolvers.ts'
import type { RequestKind, ServedRequest, ServiceMetrics } from './service-metrics.ts'

export interface ObservationOptions {
  readonly metrics?: Pick<ServiceMetrics, 'requestStarted' | 'requestEnded'>
  /** Returns the root field that was noted for a request. */
  readonly findRootField: (request: IncomingMessage) => string | undefined
  readonly logRequest?: (request: ServedRequest) => void
}

export type StoreListener = RoutedListener<StoreRoute, StoreRequestContext>

/**
 * Reports each request once its answer is written or its caller has gone. It wraps everything else, so that no request
 * is missed.
 */
export function withObservation(
  handler: StoreListener,
  { metrics, findRootField, logRequest }: ObservationOptions,
): StoreListener {
  return (request, response, routed) => {
    const kind = kindByRoute[routed.match.name]
    if (kind) {
      const beganAtMs = performance.now()
      metrics?.requestStarted(kind)
      response.once('close', () => {
        const trace = parseTraceparent(request.headers.traceparent)
        const served: ServedRequest = {
          kind,
          operation: kind === 'read' ? (findRootField(request) ?? 'other') : kind,
          status: response.statusCode,
          durationMs: Math.round((performance.now() - beganAtMs) * 1000) / 1000,
          ended: response.writableFinished ? 'WHOLE' : 'CUT',
          ...(trace ? { traceId: trace.traceId } : {}),
        }
        metrics?.requestEnded(served)
        logRequest?.(served)
      })
    }
    return handler(request, response, routed)
  }
}

/** Health checks and metrics do not count as work. */
const kindByRoute: Readonly<Record<StoreRoute, RequestKind | null>> = {
  graphql: 'read',
  content: 'content',
  changes: 'changes',
  fhir: 'publish',
  live: null,
  ready: null,
  metrics: null,
}

/**
 * Notes the first root field of each executed operation, by its name in the schema. `req` is node's request, if there
 * is a socket.
 */
export function useRootField(
  note: (request: IncomingMessage, field: string) => void,
): Plugin<{ readonly req?: IncomingMessage }> {
  return {
    onExecute({ args }) {
      const { req } = args.contextValue
      const field = req && toRootField(args.document, args.operationName)
      if (req && field) note(req, field)
    },
  }
}

function toRootField(document: DocumentNode, operationName: string | null | undefined): string | undefined {
  const [first] = getOperationAST(document, operationName)?.selectionSet.selections ?? []
  // An executed document is valid, so the field is ours or one of introspection.
  return first?.kind === Kind.FIELD && !first.name.value.startsWith('__') ? first.name.value : undefined
}
