import type { GraphQLSchema } from 'graphql'
import { loadPublishedOperations } from '../../schema/published-operations.ts'
import { publicFieldScopes } from '../../schema/root-field-scopes.ts'
import { createScopeFinder } from '../../schema/service/field-scopes.ts'
import type { GatewayMetrics } from '../observability/metrics/gateway-metrics.ts'
import { type Authenticate, createAuthentication } from '../server/authentication.ts'
import { type ConcurrencyLimiter, createConcurrencyLimiter } from '../server/concurrency-limiter.ts'
import { createDocumentReader } from '../server/document-reader.ts'
import { type EventLoopLag, monitorEventLoopLag } from '../server/event-loop-lag.ts'
import { createOperationGate, type OperationGate } from '../server/operation-gate.ts'
import { createOperationReader, type OperationReader } from '../server/operation-reader.ts'
import { createTrustedDocuments, type TrustedDocuments } from '../server/trusted-documents.ts'
import { createViewerRateLimit, type ViewerRateLimit } from '../server/viewer-rate-limit.ts'
import type { GatewaySettings } from './gateway-options.ts'

/** The decisions on the way in, which both front doors call: who asks, how much at a time, and which documents. */
export interface Admission {
  readonly authenticate: Authenticate
  readonly operationGate: OperationGate
  readonly operationReader: OperationReader
  readonly trustedDocuments: TrustedDocuments
  readonly rateLimit: ViewerRateLimit
  readonly operationLimiter: ConcurrencyLimiter
  /** A limiter of its own, so that clients who read documents slowly keep no operation out. */
  readonly contentLimiter: ConcurrencyLimiter
  /** Its owner disposes of it after the last operation, because the operation limiter reads it. */
  readonly eventLoopLag: EventLoopLag
}

export interface AdmissionOptions {
  readonly settings: Pick<
    GatewaySettings,
    | 'verifyToken'
    | 'maxInFlight'
    | 'maxInFlightPerPerson'
    | 'operationsPerMinute'
    | 'limits'
    | 'introspection'
    | 'trustedDocumentsMode'
    | 'now'
    | 'log'
  >
  readonly schema: GraphQLSchema
  readonly metrics: GatewayMetrics
}

/** Milliseconds above which an operation counts as slow to the concurrency limiter. */
const slowOperationMs = 500

export function createAdmission({
  settings: {
    verifyToken,
    maxInFlight,
    maxInFlightPerPerson,
    operationsPerMinute,
    limits,
    introspection,
    trustedDocumentsMode,
    now,
    log,
  },
  schema,
  metrics,
}: AdmissionOptions): Admission {
  const eventLoopLag = monitorEventLoopLag()
  const operationLimiter = createConcurrencyLimiter({
    maxConcurrent: maxInFlight,
    slowMs: slowOperationMs,
    eventLoopLagMs: eventLoopLag.lagMs,
  })
  const rateLimit = createViewerRateLimit({ operationsPerMinute, now })
  const trustedDocuments = createTrustedDocuments(loadPublishedOperations(), trustedDocumentsMode, log)
  return {
    authenticate: createAuthentication({ verifyToken, log, now, onRefused: metrics.onRefused }),
    operationGate: createOperationGate({ limiter: operationLimiter, rateLimit, maxPerPerson: maxInFlightPerPerson }),
    operationReader: createOperationReader({
      trustedDocuments,
      read: createDocumentReader({ schema, introspection, limits }),
      findMissingScope: createScopeFinder(schema, publicFieldScopes),
    }),
    trustedDocuments,
    rateLimit,
    operationLimiter,
    contentLimiter: createConcurrencyLimiter({ maxConcurrent: maxInFlight }),
    eventLoopLag,
  }
}
