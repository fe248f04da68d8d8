import { createAgreementEndReader } from '../consent/agreement-ends.ts'
import type { GatewayMetrics } from '../observability/metrics/gateway-metrics.ts'
import { createRequestObserver, type RequestObserver } from '../observability/metrics/request-observer.ts'
import { createOperationsMonitor, type OperationsMonitor } from '../observability/operations-page/operations-monitor.ts'
import { createTraceStarter, type StartTrace } from '../observability/tracing/trace-starter.ts'
import type { GatewaySettings } from './gateway-options.ts'
import type { RegionAccess } from './region-access.ts'

/** The parts that observe requests without changing an answer: metrics, log lines, traces and the operations page. */
export interface Observation {
  readonly requests: RequestObserver
  readonly startTrace: StartTrace
  readonly operationsMonitor: OperationsMonitor
}

export interface ObservationOptions {
  readonly settings: Pick<GatewaySettings, 'trail' | 'observe' | 'spans' | 'cacheBytes' | 'now' | 'log'>
  readonly metrics: GatewayMetrics
  readonly regionAccess: RegionAccess
  /** Returns the bytes of the cached responses. */
  readonly responseBytes: () => number
}

export function createObservation({
  settings: { trail, observe, spans, cacheBytes, now, log },
  metrics,
  regionAccess,
  responseBytes,
}: ObservationOptions): Observation {
  const { clients, codes, feeds, policies, replyCache } = regionAccess
  const startTrace = createTraceStarter(spans, now)
  const operationsMonitor = createOperationsMonitor({
    clients,
    isFeedCurrent: feeds.isCurrent,
    cacheSizes: replyCache.sizes,
    answerBytes: responseBytes,
    maxCacheBytes: cacheBytes,
    inFlight: () => requests.inFlight,
    now,
  })
  const requests = createRequestObserver({
    observers: [metrics.observe, operationsMonitor.observe, ...observe],
    contentObservers: observe,
    onView: metrics.onView,
    onRefused: metrics.onRefused,
    startTrace,
    now,
    log,
  })
  trail.setInFlight(() => requests.inFlight)
  metrics.observeState({
    regions: codes,
    isCurrent: feeds.isCurrent,
    silentForMs: feeds.silentForMs,
    isSuspended: (region) => clients.some((one) => one.region.code === region && one.suspendedUntilMs() !== null),
    agreementEndMs: createAgreementEndReader(policies, now),
    requests,
    cacheSizes: replyCache.sizes,
    answerBytes: responseBytes,
    isAuditOpen: () => trail.status === 'OPEN',
    auditSequence: () => trail.head.sequence,
  })
  return { requests, startTrace, operationsMonitor }
}
