import type { VerifiedViewer } from '../../schema/access-token.ts'
import { createHealthHandlers } from '../../schema/service/health-handlers.ts'
import type { GatewayRoute } from '../../schema/service/routes.ts'
import type { RouteHandlers } from '../../schema/service/use-route-handlers.ts'
import { createContentHandler } from '../documents/content-handler.ts'
import type { ContentTickets } from '../documents/content-tickets.ts'
import { createMetricsHandler, type GatewayMetrics } from '../observability/metrics/gateway-metrics.ts'
import { createFiguresHandler, operationsPage } from '../observability/operations-page/operations-page.ts'
import { createPageHandlers } from '../pages/page-handlers.ts'
import { utilisationPage } from '../utilisation/utilisation-resolvers.ts'
import type { Admission } from './admission.ts'
import type { AuditRecording } from './audit-recording.ts'
import type { GatewaySettings } from './gateway-options.ts'
import type { Observation } from './observation.ts'
import type { RegionAccess } from './region-access.ts'

export interface RouteHandlersOptions {
  readonly settings: Pick<GatewaySettings, 'now' | 'log'>
  readonly regionAccess: RegionAccess
  readonly tickets: ContentTickets
  readonly audit: AuditRecording
  readonly admission: Admission
  readonly observation: Observation
  readonly metrics: GatewayMetrics
  /** Whether the gateway takes requests. */
  readonly isReady: () => Promise<boolean>
}

/** The handlers of the routes other than GraphQL's; those of `null` are yoga's own. */
export function createRouteHandlers({
  settings: { now, log },
  regionAccess: { clients, decideAccess, isFlagged, credentialsOf },
  tickets,
  audit,
  admission,
  observation,
  metrics,
  isReady,
}: RouteHandlersOptions): RouteHandlers<GatewayRoute, VerifiedViewer> {
  const { live, ready } = createHealthHandlers(isReady)
  const { pages, asset } = createPageHandlers({ operationsPage, utilisationPage })
  return {
    live,
    ready,
    operationsPage: pages.operationsPage,
    utilisationPage: pages.utilisationPage,
    pageAsset: asset,
    metrics: createMetricsHandler(metrics),
    operationsFigures: createFiguresHandler(observation.operationsMonitor),
    document: createContentHandler({
      tickets,
      clients,
      decideAccess,
      isFlagged,
      credentialsOf,
      recordDocument: audit.accesses.recordDocument,
      rateLimit: admission.rateLimit,
      now,
      startTrace: observation.startTrace,
      onRefused: metrics.onRefused,
      onAnswered: observation.requests.observeContent,
      log,
    }),
    graphql: null,
    graphiql: null,
  }
}
