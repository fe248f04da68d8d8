import type { IncomingMessage } from 'node:http'
import { createSchema, createYoga } from 'graphql-yoga'
import type { JWTVerifyGetKey } from 'jose'
import type { TokenVerifier } from '../../schema/access-token.ts'
import type { Policies } from '../../schema/policies/create-policies.ts'
import { loadPolicies } from '../../schema/policies/load-policies.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { toRegionFieldScopes } from '../../schema/root-field-scopes.ts'
import { readRegionalSdl } from '../../schema/sdl.ts'
import { createScopeFinder, useFieldScopes } from '../../schema/service/field-scopes.ts'
import { createFrontDoor } from '../../schema/service/front-door.ts'
import { createHealthHandlers } from '../../schema/service/health-handlers.ts'
import { type CloseOptions, type Listening, type ListenOptions, listen } from '../../schema/service/listen.ts'
import type { RoutedContext } from '../../schema/service/routed-request.ts'
import { createRouter } from '../../schema/service/router.ts'
import { type StoreRoute, storeRoutes } from '../../schema/service/routes.ts'
import { createServiceLog, type ServiceLog } from '../../schema/service/service-log.ts'
import type { Spans } from '../../schema/service/spans.ts'
import { useJsonRequests } from '../../schema/service/use-json-requests.ts'
import { useRouteHandlers } from '../../schema/service/use-route-handlers.ts'
import { useSafeErrors } from '../../schema/service/use-safe-errors.ts'
import { createChangeFeedHandler } from '../change-feed/change-feed-handler.ts'
import { toRegionalResolvers } from '../sections/regional-record-fields.ts'
import type { RecordStore } from '../store/record-store.ts'
import { createContentHandler } from './content-handler.ts'
import { createMetricsHandler } from './metrics-handler.ts'
import { createResolvers, type StoreRequestContext } from './resolvers.ts'
import type { ServedRequest, ServiceMetrics } from './service-metrics.ts'
import { useAuthentication } from './use-authentication.ts'
import { useViewerSlots, type ViewerSlotLimits } from './use-viewer-slots.ts'
import { useRootField, withObservation } from './with-observation.ts'
import { withServerSpan } from './with-server-span.ts'

/** Answers POST /fhir. It checks its own caller and body. */
export type PublishHandler = (request: Request) => Promise<Response>

export interface RecordServiceOptions {
  readonly region: RegionConfiguration
  readonly store: RecordStore
  /** The region's consent rules. @default loaded from the region's folder; throws PolicyFault for a faulty rule */
  readonly policies?: Policies
  readonly verifyToken: TokenVerifier
  /** Public keys of the trusted gateways. */
  readonly gatewayKeys: JWTVerifyGetKey
  /** Answers POST /fhir; without it the route does not exist. */
  readonly publish?: PublishHandler
  /** Records requests' spans; its owner closes it. @default none */
  readonly spans?: Spans | null
  /** Counts the work and answers GET /metrics; without it the route does not exist. */
  readonly metrics?: ServiceMetrics
  /** Limits of one viewer's concurrent queries. */
  readonly viewerSlots?: ViewerSlotLimits
  /** @default Date.now */
  readonly now?: () => number
  /** @default standard error */
  readonly log?: ServiceLog
  /** Is called for each finished request. @default no call */
  readonly logRequest?: (request: ServedRequest) => void
}

export interface RecordService {
  fetch(request: Request): Promise<Response>
  listen(options: ListenOptions): Promise<Listening>
}

/** The server context that graphql-yoga has of every request; `req` is node's, if there is a socket. */
type StoreContext = RoutedContext<StoreRoute, StoreRequestContext> & { readonly req?: IncomingMessage }

/** Largest body of a request to /graphql, in bytes. */
const maxBodyBytes = 1_000_000

/**
 * Creates a region's record store over HTTP: /graphql, /changes, /livez, /readyz and, where given, /fhir and /metrics.
 * SDL and rules come from its entry in the list of regions.
 */
export function createRecordService(options: RecordServiceOptions): RecordService {
  const {
    region,
    store,
    verifyToken,
    gatewayKeys,
    publish,
    metrics,
    now = Date.now,
    log = createServiceLog(),
    logRequest,
    spans = null,
  } = options
  const {
    policies = loadPolicies(region, {
      onError: (reason) => log('A consent rule failed, which denies', new Error(reason)),
    }),
  } = options
  const closing = new AbortController()
  const isReady = async () => !closing.signal.aborted && (await store.sequence()) >= 0
  const onFrequentGrants = ({ id }: { readonly id: string }) => {
    metrics?.frequentGrantGiven()
    log('One person broke the glass ten times or more in an hour', `the last is grant ${id}`)
  }
  const sdl = readRegionalSdl(region)
  const rootFields = new WeakMap<IncomingMessage, string>()
  const schema = createSchema<StoreContext & StoreRequestContext>({
    typeDefs: sdl,
    resolvers: createResolvers({
      store,
      region,
      policies,
      regionalResolvers: toRegionalResolvers(sdl, region.slug),
      onRelease: metrics?.releaseDecided,
      onFrequentGrants,
      now,
    }),
  })
  const changes = {
    store,
    region: region.code,
    policyVersion: policies.version,
    gatewayKeys,
    closing: closing.signal,
    onListeners: metrics?.listenersChanged,
    now,
    log,
  }
  const yoga = createYoga<StoreContext, StoreRequestContext>({
    id: region.slug,
    schema,
    graphqlEndpoint: storeRoutes.graphql.template,
    context: ({ routed }) => routed.caller,
    plugins: [
      useAuthentication({ verifyToken, gatewayKeys, region: region.code, now, log }),
      useRouteHandlers<StoreRoute, StoreRequestContext>({
        ...createHealthHandlers(isReady),
        metrics: metrics ? createMetricsHandler(metrics, log) : null,
        fhir: publish ?? null,
        changes: createChangeFeedHandler(changes),
        content: createContentHandler({ store, policies, onRelease: metrics?.releaseDecided, now }),
        graphql: null,
      }),
      useJsonRequests(maxBodyBytes),
      useFieldScopes<StoreRequestContext>(
        createScopeFinder(schema, toRegionFieldScopes(region)),
        ({ viewer }) => viewer,
      ),
      useViewerSlots(options.viewerSlots),
      useRootField((request, field) => rootFields.set(request, field)),
      useSafeErrors(log),
    ],
    maxRequestBodySize: false,
    // useSafeErrors also sees the errors of parsing and validation, which this option does not.
    maskedErrors: false,
    multipart: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    logging: false,
  })
  const absent: readonly StoreRoute[] = [
    ...(metrics ? [] : (['metrics'] as const)),
    ...(publish ? [] : (['fhir'] as const)),
  ]
  const frontDoor = createFrontDoor<StoreRoute, StoreRequestContext>({
    router: createRouter(storeRoutes, absent),
    server: yoga,
    log,
  })
  return {
    fetch: frontDoor.fetch,
    listen: async (where) => {
      const observed = withObservation(frontDoor.answer, {
        metrics,
        logRequest,
        findRootField: (request) => rootFields.get(request),
      })
      const listening = await listen(frontDoor.decide(frontDoor.route(withServerSpan(observed, spans))), where)
      const close = async (options?: CloseOptions) => {
        closing.abort()
        await listening.close(options)
      }
      return { url: listening.url, close, [Symbol.asyncDispose]: close }
    },
  }
}
