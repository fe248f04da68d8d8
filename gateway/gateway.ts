import type { CloseOptions, ListenOptions } from '../schema/service/listen.ts'
import { createContentTickets } from './documents/content-tickets.ts'
import { createGatewayMetrics } from './observability/metrics/gateway-metrics.ts'
import { type CachedResponse, createResponseCache, createResponseStore } from './operation/response-cache.ts'
import { assertRegionTimes } from './regions/request-deadline.ts'
import { createTrailTallies } from './utilisation/trail-tallies.ts'
import { createAdmission } from './wiring/admission.ts'
import { createAuditRecording } from './wiring/audit-recording.ts'
import { createGatewayDoor } from './wiring/front-door.ts'
import { type GatewayOptions, toGatewaySettings } from './wiring/gateway-options.ts'
import { createLifecycle } from './wiring/lifecycle.ts'
import { createObservation } from './wiring/observation.ts'
import { createOperationExecution } from './wiring/operation-execution.ts'
import { createRegionAccess } from './wiring/region-access.ts'
import { createRequestContexts } from './wiring/request-contexts.ts'
import { createRouteHandlers } from './wiring/route-handlers.ts'
import { createYogaServer } from './wiring/yoga-server.ts'

export type { GatewayOptions } from './wiring/gateway-options.ts'

export interface Gateway {
  /** Answers a request without a socket. */
  fetch(request: Request): Promise<Response>
  /** Listens; port 0 takes a free one. */
  listen(where: ListenOptions): Promise<{ readonly url: string }>
  /** Fails readiness at once, answers every running request, then closes the regions and the audit trail. */
  close(options?: CloseOptions): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** The share of the cache for regions' replies; the rest is for whole responses. */
const replyCacheShare = 0.75

/**
 * Creates the gateway: one patient view over the regions' record stores. Throws PolicyFault if a region's rules are
 * wrong, InvalidSetting if a region's time exceeds the deadline.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const settings = toGatewaySettings(options)
  const { regions, secrets, trail, cacheBytes, now } = settings
  assertRegionTimes(regions, settings.deadlineMs)
  const metrics = createGatewayMetrics({ now })
  const regionAccess = createRegionAccess({ settings, replyCacheBytes: cacheBytes * replyCacheShare, metrics })
  const audit = createAuditRecording({ settings, metrics })
  const tickets = createContentTickets(...secrets)
  const tallies = createTrailTallies({ folder: trail.folder, now })
  const { schema, executor } = createOperationExecution({ settings, regionAccess, audit, tickets, tallies })
  const admission = createAdmission({ settings, schema, metrics })
  const responseStore = createResponseStore<CachedResponse>(cacheBytes * (1 - replyCacheShare))
  const responseCache = createResponseCache({
    store: responseStore,
    regions: regionAccess.codes,
    feeds: regionAccess.feeds,
    admits: admission.trustedDocuments.admits,
    recordCachedViews: audit.accesses.recordCachedViews,
    onLookup: metrics.onLookup,
    now,
  })
  const observation = createObservation({
    settings,
    metrics,
    regionAccess,
    responseBytes: () => responseStore.bytes,
  })
  const createRequestContext = createRequestContexts({
    settings,
    regionAccess,
    recordViews: audit.accesses.recordViews,
  })
  const routeHandlers = createRouteHandlers({
    settings,
    regionAccess,
    tickets,
    audit,
    admission,
    observation,
    metrics,
    isReady: async () => !lifecycle.isClosing && trail.status === 'OPEN',
  })
  const yoga = createYogaServer({
    settings,
    schema,
    executor,
    admission,
    observation,
    routeHandlers,
    createRequestContext,
  })
  const door = createGatewayDoor({
    settings,
    yoga,
    executor,
    admission,
    responseCache,
    createRequestContext,
    observation,
    onRefused: metrics.onRefused,
  })
  const lifecycle = createLifecycle({
    settings,
    listener: door.listener,
    regionAccess,
    tallies,
    eventLoopLag: admission.eventLoopLag,
    metrics,
  })
  return {
    fetch: door.fetch,
    listen: lifecycle.listen,
    close: lifecycle.close,
    [Symbol.asyncDispose]: () => lifecycle.close(),
  }
}
