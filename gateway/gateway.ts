import { BlockList } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { buildSchema } from 'graphql'
import { createYoga } from 'graphql-yoga'
import type { CryptoKey } from 'jose'
import type { TokenVerifier, VerifiedViewer } from '../schema/access-token.ts'
import { loadPolicies } from '../schema/policies/load-policies.ts'
import { loadPublishedOperations } from '../schema/published-operations.ts'
import type { RegionConfiguration } from '../schema/regions.ts'
import { publicFieldScopes } from '../schema/root-field-scopes.ts'
import { readPublicSdl, readRegionalSdl } from '../schema/sdl.ts'
import type { Secrets } from '../schema/secrets.ts'
import { createScopeFinder } from '../schema/service/field-scopes.ts'
import { createFrontDoor } from '../schema/service/front-door.ts'
import { createHealthHandlers } from '../schema/service/health-handlers.ts'
import { type CloseOptions, type Listening, type ListenOptions, listen } from '../schema/service/listen.ts'
import { createRouter } from '../schema/service/router.ts'
import { type GatewayRoute, gatewayRoutes } from '../schema/service/routes.ts'
import { createServiceLog, type ServiceLog } from '../schema/service/service-log.ts'
import type { Spans } from '../schema/service/spans.ts'
import { useJsonRequests } from '../schema/service/use-json-requests.ts'
import { useRouteHandlers } from '../schema/service/use-route-handlers.ts'
import { useSafeErrors } from '../schema/service/use-safe-errors.ts'
import { type AccessIndex, createAccessIndex } from './audit/access-index.ts'
import type { AuditTrail } from './audit/audit-trail.ts'
import { type HeadPublisher, startHeadPublisher } from './audit/head-publisher.ts'
import type { HeadWitness, WitnessedHead } from './audit/head-witness.ts'
import { createAccessRecorder } from './audit/record-access.ts'
import { createOperationRecorder } from './audit/record-operation.ts'
import { createChangeFeeds } from './change-feed/change-feeds.ts'
import { createAgreementEndReader } from './consent/agreement-ends.ts'
import { createAccessDecider } from './consent/decide-access.ts'
import { createFlaggedPatients } from './consent/flagged-patients.ts'
import { createContentHandler } from './documents/content-handler.ts'
import { createContentTickets } from './documents/content-tickets.ts'
import { createMutationResolvers } from './mutations/mutation-resolvers.ts'
import { createGatewayMetrics, createMetricsHandler } from './observability/metrics/gateway-metrics.ts'
import type { ObserveRequest } from './observability/metrics/request-observation.ts'
import { createRequestObserver } from './observability/metrics/request-observer.ts'
import type { RequestRecorder } from './observability/metrics/request-recorder.ts'
import { createOperationsMonitor } from './observability/operations-page/operations-monitor.ts'
import { createFiguresHandler, operationsPage } from './observability/operations-page/operations-page.ts'
import { createTraceStarter, withTrace } from './observability/tracing/trace-starter.ts'
import { createIdSealer } from './opaque-tokens/id-sealer.ts'
import { composeSchema } from './operation/compose-schema.ts'
import {
  createExecutor,
  type StartedOperation,
  useExecutor,
  withReusedRootResults,
} from './operation/execute-operation.ts'
import { type CachedResponse, createResponseCache, createResponseStore } from './operation/response-cache.ts'
import { planHeader, usePlanExtension } from './operation/use-plan-extension.ts'
import { createPageHandlers } from './pages/page-handlers.ts'
import { createCursorCodec } from './patient-view/timeline-cursor.ts'
import { createViewResolvers } from './patient-view/view-resolvers.ts'
import { createPrivacyResolvers } from './privacy-officer/privacy-resolvers.ts'
import { createReviewCursorCodec } from './privacy-officer/review-cursor.ts'
import { createCoherentReplyCache } from './regions/coherent-reply-cache.ts'
import { createCredentials } from './regions/credentials.ts'
import { createRegionClient } from './regions/region-client.ts'
import { createRegionLoader, type RegionQueryText } from './regions/region-loader.ts'
import { createRequestCoalescer } from './regions/request-coalescer.ts'
import { assertRegionTimes, createRequestDeadline } from './regions/request-deadline.ts'
import type { RequestContext } from './request/request-context.ts'
import type { ResponseDependencies } from './request/response-dependencies.ts'
import { answerFromPlan } from './server/answer-from-plan.ts'
import { createAuthentication, type GatewayServerContext } from './server/authentication.ts'
import { createConcurrencyLimiter } from './server/concurrency-limiter.ts'
import { createDocumentReader, type Introspection } from './server/document-reader.ts'
import { monitorEventLoopLag } from './server/event-loop-lag.ts'
import { createGraphiQLPage, type GraphiQLPageOptions } from './server/graphiql-page.ts'
import { type AdmissionContext, createOperationGate, useOperationGate } from './server/operation-gate.ts'
import type { OperationLimits } from './server/operation-limits.ts'
import { createOperationReader, useOperationReader } from './server/operation-reader.ts'
import { createTrustedDocuments, type TrustedDocumentsMode } from './server/trusted-documents.ts'
import { toRequestOrigin } from './server/trusted-proxies.ts'
import { useBearerToken } from './server/use-bearer-token.ts'
import { type ObservedRequest, useObservation } from './server/use-observation.ts'
import { useObservedErrors } from './server/use-observed-errors.ts'
import { createViewerRateLimit } from './server/viewer-rate-limit.ts'
import { withCors } from './server/with-cors.ts'
import { withLoadShedding } from './server/with-load-shedding.ts'
import { useHtmlPolicy, withSafeHeaders } from './server/with-safe-headers.ts'
import { createTrailTallies, startTallying } from './utilisation/trail-tallies.ts'
import { createUtilisationResolvers, utilisationPage } from './utilisation/utilisation-resolvers.ts'

export interface GatewayOptions {
  readonly regions: readonly RegionConfiguration[]
  readonly verifyToken: TokenVerifier
  /** The gateway's Ed25519 key, with which it asserts the access context to the stores. */
  readonly assertionKey: { readonly key: CryptoKey; readonly keyId: string }
  /** Authenticate cursors and content urls: the first signs, all verify. The same in all gateways that serve one client. */
  readonly secrets: Secrets
  /** The gateway's own address for content urls. Absent: as the viewer reached it. */
  readonly publicUrl?: string
  /** Proxies whose word on how the viewer reached the gateway is believed. @default none */
  readonly trustedProxies?: BlockList
  /** Every access is on it before an answer leaves. The gateway closes it. */
  readonly trail: AuditTrail
  /** Who keeps the trail's head elsewhere. @default nobody */
  readonly witness?: HeadWitness | null
  /** Told of the trail's head each minute and at the end, for the log. @default nobody */
  readonly onHead?: (head: WitnessedHead) => void
  /** Absent: no GraphiQL. */
  readonly graphiql?: GraphiQLPageOptions
  /** The largest request body. @default 100 kB */
  readonly maxBodyBytes?: number
  /** How long a request may take to arrive. @default 10,000 */
  readonly arrivalMs?: number
  /** Operations that may be done at a time at the most, and contents that may be sent. @default 256 */
  readonly maxInFlight?: number
  /** Of these, operations of one person. @default 24 */
  readonly maxInFlightPerPerson?: number
  /** Of one person, contents among them. @default 600 */
  readonly operationsPerMinute?: number
  /** What one document may ask. @default operationLimits */
  readonly limits?: OperationLimits
  /** Whether the schema may be asked for. @default as GraphiQL */
  readonly introspection?: Introspection
  /** Origins of other sites whose pages may ask. @default none */
  readonly corsOrigins?: readonly string[]
  /** Whether operations that are not published are answered. @default any */
  readonly trustedDocumentsMode?: TrustedDocumentsMode
  /** Whether a request may ask to be shown what regions are asked for it. @default as GraphiQL */
  readonly showsPlans?: boolean
  /** False: graphql-js executes every operation, to compare the plans with. @default true */
  readonly usesPlans?: boolean
  /** What regions' replies may take in the cache; 0: none is kept. @default 128 MiB */
  readonly cacheBytes?: number
  /** How long a request may take before it is answered with what has come: more than any region's time. @default 3000 */
  readonly deadlineMs?: number
  readonly now?: () => number
  /** Milliseconds of a clock that only goes forward, for suspended regions. @default performance.now */
  readonly clock?: () => number
  /** @default standard error */
  readonly log?: ServiceLog
  /** Told of each request when its answer has left. @default nobody */
  readonly observe?: readonly ObserveRequest[]
  /** Where requests' traces are recorded; the gateway closes it. Null: traces are passed on to the regions. @default null */
  readonly spans?: Spans | null
}

export interface Gateway {
  /** The front door without a socket. */
  fetch(request: Request): Promise<Response>
  /** Port 0 takes any free one. */
  listen(where: ListenOptions): Promise<{ readonly url: string }>
  /** Not ready from now on; when every request has had its answer, the regions and the trail are closed. */
  close(options?: CloseOptions): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Of the cache; the rest is for whole answers. */
const replyCacheShare = 0.75

/** What is noted of a request while it is answered. */
interface RequestContextOptions {
  readonly recorder: RequestRecorder
  readonly dependencies?: ResponseDependencies | null
  readonly showsPlan?: boolean
}

/** The gateway: one patient view over the regions' record stores. Throws PolicyFault where a region's rules are wrong, Unfit where a region's time leaves none of the deadline. */
export function createGateway(options: GatewayOptions): Gateway {
  const {
    regions,
    verifyToken,
    assertionKey,
    secrets,
    publicUrl,
    trustedProxies = new BlockList(),
    trail,
    witness = null,
    onHead = () => {},
    graphiql,
    maxBodyBytes = 100_000,
    arrivalMs = 10_000,
    maxInFlight = 256,
    maxInFlightPerPerson = 24,
    operationsPerMinute = 600,
    introspection = options.graphiql === undefined ? 'off' : 'on',
    corsOrigins = [],
    limits,
    trustedDocumentsMode = 'any',
    showsPlans = options.graphiql !== undefined,
    usesPlans = true,
    cacheBytes = 128 * 1024 * 1024,
    deadlineMs = 3000,
    now = Date.now,
    clock = () => performance.now(),
    log = createServiceLog(),
    observe = [],
    spans = null,
  } = options
  assertRegionTimes(regions, deadlineMs)
  const codes = regions.map(({ code }) => code)
  const regionSchemas = regions.map((region) => ({ region, schema: buildSchema(readRegionalSdl(region)) }))
  const regionalSchemas = new Map(regionSchemas.map(({ region, schema }) => [region.code, schema]))
  const onError = (reason: string) => log('A consent rule failed, which denies', new Error(reason))
  const policies = new Map(regions.map((region) => [region.code, loadPolicies(region, { onError })]))
  const decideAccess = createAccessDecider(policies, now)
  const metrics = createGatewayMetrics({ now })
  const { onRefused } = metrics
  const clients = regionSchemas.map((part) => createRegionClient({ ...part, now, clock, onCall: metrics.onCall }))
  const feeds = createChangeFeeds({ regions, assertionKey, now, log })
  const flaggedPatients = createFlaggedPatients(feeds)
  const tickets = createContentTickets(...secrets)
  const viewResolvers = createViewResolvers({
    clients,
    policies,
    decideAccess,
    cursors: createCursorCodec(...secrets),
    tickets,
    sealer: createIdSealer(...secrets),
    now,
    regionalSchemas,
    isFeedCurrent: feeds.isCurrent,
    isFlagged: flaggedPatients.isFlagged,
  })
  const accessRecorder = createAccessRecorder(trail, metrics.onWrite)
  const recorder = createOperationRecorder(trail, metrics.onWrite)
  let accessIndex: AccessIndex | null = null
  const accesses = () => {
    accessIndex ??= createAccessIndex({
      folder: trail.folder,
      onOdd: ({ writer, sequence, odd }) => {
        metrics.onOddEvent()
        log('An event of the audit trail is not as it should be; run audit verify', `${writer} ${sequence}: ${odd}`)
      },
    })
    return accessIndex
  }
  const credentialsOf = createCredentials({ assertionKey, now })
  const cache = createCoherentReplyCache({
    regions: codes,
    isCurrent: feeds.isCurrent,
    maxBytes: cacheBytes * replyCacheShare,
    now,
  })
  feeds.subscribe({
    patientChanged: cache.invalidatePatient,
    regionReset: cache.resetRegion,
    becameStale: cache.clearRegion,
  })
  feeds.subscribe(flaggedPatients)
  const coalescer = createRequestCoalescer({ cache, now, onLookup: metrics.onLookup })

  const tallies = createTrailTallies({ folder: trail.folder, now })
  const schema = composeSchema({
    regions,
    publicSdl: readPublicSdl(),
    regionalSchemas,
    resolvers: [
      withReusedRootResults(viewResolvers),
      createMutationResolvers({ clients, decideAccess, recorder }),
      createPrivacyResolvers({
        clients,
        accesses,
        cursors: createReviewCursorCodec(...secrets),
        record: recorder.record,
      }),
      createUtilisationResolvers({ clients, tallies, now }),
    ],
  })

  const executor = createExecutor(schema, viewResolvers)
  const findMissingScope = createScopeFinder(schema, publicFieldScopes)
  const read = createDocumentReader({ schema, introspection, limits })
  const eventLoopLag = monitorEventLoopLag()
  const operationLimiter = createConcurrencyLimiter({
    maxConcurrent: maxInFlight,
    slowMs: 500,
    eventLoopLagMs: eventLoopLag.lagMs,
  })
  const contentLimiter = createConcurrencyLimiter({ maxConcurrent: maxInFlight })
  const rateLimit = createViewerRateLimit({ operationsPerMinute, now })
  const operationGate = createOperationGate({
    limiter: operationLimiter,
    rateLimit,
    maxPerPerson: maxInFlightPerPerson,
  })
  const trustedDocuments = createTrustedDocuments(loadPublishedOperations(), trustedDocumentsMode, log)
  const startTrace = createTraceStarter(spans, now)
  const responseStore = createResponseStore<CachedResponse>(cacheBytes * (1 - replyCacheShare))
  const cacheGauges = { cacheSizes: cache.sizes, answerBytes: () => responseStore.bytes }
  const operations = createOperationsMonitor({
    clients,
    isFeedCurrent: feeds.isCurrent,
    ...cacheGauges,
    maxCacheBytes: cacheBytes,
    inFlight: () => requests.inFlight,
    now,
  })
  const requests = createRequestObserver({
    ...metrics,
    observers: [metrics.observe, operations.observe, ...observe],
    contentObservers: observe,
    startTrace,
    now,
    log,
  })
  trail.setInFlight(() => requests.inFlight)
  metrics.observeState({
    ...feeds,
    requests,
    regions: codes,
    isSuspended: (region) =>
      clients.some((client) => client.region.code === region && client.suspendedUntilMs() !== null),
    agreementEndMs: createAgreementEndReader(policies, now),
    ...cacheGauges,
    isAuditOpen: () => trail.status === 'OPEN',
    auditSequence: () => trail.head.sequence,
  })
  const createContext = (
    viewer: VerifiedViewer,
    origin: string,
    { recorder, dependencies = null, showsPlan = false }: RequestContextOptions,
  ): RequestContext => {
    recorder.recordPlanned()
    const { token, holder } = viewer
    const { requestId } = recorder
    const credentialsFor = withTrace(credentialsOf(viewer), recorder.trace)
    const asked: RegionQueryText[] | null = showsPlan ? [] : null
    const deadline = createRequestDeadline({ deadlineMs })
    const loader = createRegionLoader({
      holder,
      credentialsFor,
      coalescer,
      deadline,
      onQuery: asked && ((one) => asked.push(one)),
      waitRecorder: recorder,
    })
    return {
      token,
      holder,
      credentialsFor,
      loader,
      deadline,
      requestId,
      recorder,
      recordViews: accessRecorder.recordViews,
      dependencies,
      regionQueries: asked,
      origin: publicUrl ?? origin,
    }
  }

  const responseCache = createResponseCache({
    ...metrics,
    store: responseStore,
    regions: codes,
    feeds,
    admits: trustedDocuments.admits,
    recordCachedViews: accessRecorder.recordCachedViews,
    now,
  })

  const authenticate = createAuthentication({ verifyToken, log, now, onRefused })
  const operationReader = createOperationReader({ trustedDocuments, read, findMissingScope })

  let closing: Promise<void> | null = null
  const contentHandlerOptions = {
    tickets,
    clients,
    decideAccess,
    isFlagged: flaggedPatients.isFlagged,
    credentialsOf,
    rateLimit,
    now,
    startTrace,
    onRefused,
    onAnswered: requests.observeContent,
    log,
  }
  const { pages, asset } = createPageHandlers({ operationsPage, utilisationPage })
  const yoga = createYoga<
    GatewayServerContext & StartedOperation & AdmissionContext & Required<ObservedRequest>,
    RequestContext
  >({
    schema,
    graphqlEndpoint: gatewayRoutes.graphql.template,
    plugins: [
      useObservation({ requests, toOperationName: trustedDocuments.findName }),
      useBearerToken(authenticate),
      useRouteHandlers<GatewayRoute, VerifiedViewer>({
        ...createHealthHandlers(async () => closing === null && trail.status === 'OPEN'),
        ...pages,
        pageAsset: asset,
        metrics: createMetricsHandler(metrics),
        operationsFigures: createFiguresHandler(operations),
        document: createContentHandler({ ...contentHandlerOptions, recordDocument: accessRecorder.recordDocument }),
        graphql: null,
        graphiql: null,
      }),
      useJsonRequests(maxBodyBytes),
      useOperationGate(operationGate),
      useOperationReader(operationReader),
      ...(usesPlans ? [useExecutor(executor)] : []),
      usePlanExtension(),
      useSafeErrors(log),
      useObservedErrors(requests),
      useHtmlPolicy(),
    ],
    context: ({ request, routed, recorder }): RequestContext =>
      createContext(routed.caller, routed.origin, {
        recorder,
        showsPlan: showsPlans && request.headers.get(planHeader) === 'show',
      }),
    ...(graphiql ? createGraphiQLPage(graphiql) : { graphiql: false }),
    // useSafeErrors sees every error, those of parsing and validation too, which this option does not; the body's limit likewise.
    maskedErrors: false,
    maxRequestBodySize: false,
    // useDocumentReader remembers; withCors, which answerByPlan's requests go through too, has its say before yoga.
    parserAndValidationCache: false,
    landingPage: false,
    multipart: false,
    cors: false,
    logging: false,
  })

  const frontDoor = createFrontDoor<GatewayRoute, VerifiedViewer>({
    router: createRouter(gatewayRoutes, graphiql ? [] : ['graphiql']),
    server: yoga,
    log,
    toOrigin: (request) => publicUrl ?? toRequestOrigin(request, trustedProxies),
    onRefused,
  })

  const onWitness: Parameters<typeof startHeadPublisher>[0]['onWitness'] = (outcome, cause) => {
    metrics.onWitness(outcome)
    if (outcome === 'failed') log('The audit witness did not take the head', cause)
  }
  let heads: HeadPublisher | null = null
  let listening: Listening | null = null
  let tallying: Disposable | null = null
  const close = async (options?: CloseOptions) => {
    tallying?.[Symbol.dispose]()
    await listening?.close(options)
    // Not before: places are given by it for as long as operations come.
    eventLoopLag[Symbol.dispose]()
    await Promise.all([feeds.close(), ...clients.map((client) => client.close())])
    // After the regions: what they were asked to do is on the trail, though its client has gone, a turn after they have answered.
    await nextTurn()
    await heads?.close()
    await Promise.all([trail.close(), spans?.close()])
  }
  const closeOnce = (options?: CloseOptions) => {
    closing ??= close(options)
    return closing
  }
  return {
    fetch: frontDoor.fetch,
    async listen(where) {
      const answerOthers = frontDoor.answer
      const planned = {
        authenticate,
        operationReader,
        operationGate,
        executor,
        maxBodyBytes,
        toOperationName: trustedDocuments.findName,
        createContext,
        responseCache,
        requests,
        answerOthers,
        yoga,
      }
      const shedding = withLoadShedding(usesPlans ? answerFromPlan(planned) : answerOthers, {
        operations: { limiter: operationLimiter },
        contents: { limiter: contentLimiter },
        onRefused,
      })
      // Outside: a page of another site can read, by its headers, that it was shed.
      const guarded = withSafeHeaders(
        frontDoor.decide(withCors(frontDoor.route(shedding), { origins: corsOrigins, publicUrl, onRefused })),
        { publicUrl },
      )
      await feeds.start()
      listening = await listen(guarded, { arrivalMs, acceptors: 64, ...where })
      tallying = startTallying(tallies)
      heads = startHeadPublisher({ trail, witness, onHead, onWitness })
      return { url: listening.url }
    },
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  }
}
