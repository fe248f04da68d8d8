import { BlockList } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { buildSchema } from 'graphql'
import { createYoga } from 'graphql-yoga'
import type { CryptoKey } from 'jose'
import type { TokenVerifier } from '../schema/access-token.ts'
import { createScopeFinder, useFieldScopes } from '../schema/http/field-scopes.ts'
import { createFrontDoor } from '../schema/http/front-door.ts'
import { createHealthHandlers } from '../schema/http/health-handlers.ts'
import { type CloseOptions, type Listening, type ListenOptions, listen } from '../schema/http/listen.ts'
import { createRouter } from '../schema/http/router.ts'
import { type GatewayRoute, gatewayRoutes } from '../schema/http/routes.ts'
import { createServiceLog, type ServiceLog } from '../schema/http/service-log.ts'
import { useJsonRequests } from '../schema/http/use-json-requests.ts'
import { useRouteHandlers } from '../schema/http/use-route-handlers.ts'
import { useSafeErrors } from '../schema/http/use-safe-errors.ts'
import { loadPolicies } from '../schema/policies/load-policies.ts'
import { loadPublishedOperations } from '../schema/published-operations.ts'
import type { RegionConfiguration } from '../schema/regions.ts'
import { publicFieldScopes } from '../schema/root-field-scopes.ts'
import { readPublicSdl, readRegionalSdl } from '../schema/sdl.ts'
import type { Spans } from '../schema/tracing/spans.ts'
import { type AccessIndex, createAccessIndex } from './audit/access-index.ts'
import type { AuditTrail } from './audit/audit-trail.ts'
import { type HeadWatch, watchHead } from './audit/head-watch.ts'
import type { HeadWitness, NotedHead } from './audit/head-witness.ts'
import { createAnswerMemory } from './cache/answer-memory.ts'
import { createReplyCache } from './cache/reply-cache.ts'
import { createChangeResolvers } from './changes/change-resolvers.ts'
import { composeSchema } from './composition/compose-schema.ts'
import { createAgreementEnds } from './consent/agreement-ends.ts'
import { createAccessDecider } from './consent/decide-access.ts'
import { createFlaggedPatients } from './consent/flagged-patients.ts'
import { createContentHandler } from './documents/content-handler.ts'
import { createContentTickets } from './documents/content-tickets.ts'
import { createExecutor, reuseRootResults } from './execution/execute-operation.ts'
import { type Begun, useExecutor } from './execution/use-executor.ts'
import { createChangeFeeds } from './feed/change-feeds.ts'
import { type AdmittedOperations, createAdmission, useAdmission } from './http/admission.ts'
import type { AnswerBasis } from './http/answer-basis.ts'
import { answerByPlan } from './http/answer-by-plan.ts'
import { createConnectionViewers } from './http/connection-viewers.ts'
import { createGraphiQLPage, type GraphiQLPageOptions } from './http/graphiql.ts'
import { createKeptAnswers, type KeptAnswer } from './http/kept-answers.ts'
import { toReachedOrigin } from './http/trusted-proxies.ts'
import { useBearerToken, type VerifiedViewer, type VisitedGateway } from './http/use-bearer-token.ts'
import { usePagePolicy } from './http/use-page-policy.ts'
import { planHeader, useShownPlan } from './http/use-shown-plan.ts'
import { withCors } from './http/with-cors.ts'
import { withSafeHeaders } from './http/with-safe-headers.ts'
import { createDocumentReader, type Introspection } from './limits/document-reader.ts'
import { createEntrance } from './limits/entrance.ts'
import { watchLoopDelay } from './limits/loop-delay.ts'
import type { OperationLimits } from './limits/operation-limits.ts'
import { createPlaces } from './limits/places.ts'
import { useDocumentReader } from './limits/use-document-reader.ts'
import { type LetIn, useEntrance } from './limits/use-entrance.ts'
import { createViewerRate } from './limits/viewer-rate.ts'
import { withLoadShedding } from './limits/with-load-shedding.ts'
import { createGatewayMetrics } from './metrics/gateway-metrics.ts'
import { createMetricsHandler } from './metrics/metrics-handler.ts'
import type { ObserveRequest } from './metrics/request-observation.ts'
import { createRequestObserver } from './metrics/request-observer.ts'
import type { RequestRecorder } from './metrics/request-recorder.ts'
import { type Observed, useObservation } from './metrics/use-observation.ts'
import { useObservedErrors } from './metrics/use-observed-errors.ts'
import { createFiguresHandler } from './operations/figures-handler.ts'
import { operationsPage } from './operations/operations-page.ts'
import { createOperationsWatch } from './operations/operations-watch.ts'
import { createPageHandlers } from './pages/page-handlers.ts'
import { createPrivacyResolvers } from './privacy/privacy-resolvers.ts'
import { createReviewCursors } from './privacy/review-cursor.ts'
import { createAccessRecorder } from './record-access.ts'
import { createOperationRecorder } from './record-operation.ts'
import { assertRegionTimes } from './regions/assert-region-times.ts'
import { createCredentials } from './regions/credentials.ts'
import { createRegionClient } from './regions/region-client.ts'
import { createRegionLoader, type RegionQueryText } from './regions/region-loader.ts'
import { createRequestDeadline } from './regions/request-deadline.ts'
import { createSharedAsks } from './regions/shared-asks.ts'
import type { RequestContext } from './request-context.ts'
import type { Secrets } from './secrets.ts'
import { createRequestTraces } from './tracing/request-traces.ts'
import { withTrace } from './tracing/with-trace.ts'
import { beginReading } from './utilisation/begin-reading.ts'
import { createTrailTallies } from './utilisation/trail-tallies.ts'
import { utilisationPage } from './utilisation/utilisation-page.ts'
import { createUtilisationResolvers } from './utilisation/utilisation-resolvers.ts'
import { createIdSealer } from './view/id-sealer.ts'
import { createCursorCodec } from './view/timeline-cursor.ts'
import { createViewResolvers } from './view/view-resolvers.ts'

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
  readonly onHead?: (head: NotedHead) => void
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
  readonly admittedOperations?: AdmittedOperations
  /** Whether a request may ask to be shown what regions are asked for it. @default as GraphiQL */
  readonly showsPlans?: boolean
  /** False: graphql-js executes every operation, to compare the plans with. @default true */
  readonly byPlan?: boolean
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
const repliesShare = 0.75

/** What is noted of a request while it is answered. */
interface Noted {
  readonly recorder: RequestRecorder
  readonly basis?: AnswerBasis | null
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
    admittedOperations = 'any',
    showsPlans = options.graphiql !== undefined,
    byPlan = true,
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
  const parts = regions.map((region) => ({ region, schema: buildSchema(readRegionalSdl(region)) }))
  const regionalSchemas = new Map(parts.map(({ region, schema }) => [region.code, schema]))
  const onError = (reason: string) => log('A consent rule failed, which denies', new Error(reason))
  const policies = new Map(regions.map(({ code, slug }) => [code, loadPolicies(slug, { onError })]))
  const decideAccess = createAccessDecider(policies, now)
  const metrics = createGatewayMetrics({ now })
  const { onRefused } = metrics
  const clients = parts.map((part) => createRegionClient({ ...part, now, clock, onCall: metrics.onCall }))
  const feeds = createChangeFeeds({ regions, assertionKey, now, log })
  const flagged = createFlaggedPatients(feeds)
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
    isFeedConnected: feeds.isCurrent,
    isFlagged: flagged.isFlagged,
  })
  const accessRecorder = createAccessRecorder(trail, metrics.onWrite)
  const recorder = createOperationRecorder(trail, metrics.onWrite)
  let index: AccessIndex | null = null
  const accesses = () => {
    index ??= createAccessIndex({
      folder: trail.folder,
      onOdd: ({ writer, sequence, odd }) => {
        metrics.onOddEvent()
        log('An event of the audit trail is not as it should be; run audit verify', `${writer} ${sequence}: ${odd}`)
      },
    })
    return index
  }
  const credentialsOf = createCredentials({ assertionKey, now })
  const cache = createReplyCache({ regions: codes, isCurrent: feeds.isCurrent, maxBytes: cacheBytes * repliesShare, now })
  feeds.on({ changed: cache.changed, reset: cache.reset, silenced: cache.drop })
  feeds.on(flagged)
  const shared = createSharedAsks({ cache, now, onLookup: metrics.onLookup })

  const tallies = createTrailTallies({ folder: trail.folder, now })
  const schema = composeSchema({
    regions,
    publicSdl: readPublicSdl(),
    regionalSchemas,
    resolvers: [
      reuseRootResults(viewResolvers),
      createChangeResolvers({ clients, decideAccess, recorder }),
      createPrivacyResolvers({ clients, accesses, cursors: createReviewCursors(...secrets), record: recorder.record }),
      createUtilisationResolvers({ clients, tallies, now }),
    ],
  })

  const executor = createExecutor(schema, viewResolvers)
  const findMissingScope = createScopeFinder(schema, publicFieldScopes)
  const read = createDocumentReader({ schema, introspection, limits })
  const loop = watchLoopDelay()
  const places = createPlaces({ most: maxInFlight, slowMs: 500, delayMs: loop.delayMs })
  const contentPlaces = createPlaces({ most: maxInFlight })
  const rate = createViewerRate({ operationsPerMinute, now })
  const entrance = createEntrance({ places, rate, maxPerPerson: maxInFlightPerPerson })
  const admission = createAdmission(loadPublishedOperations(), admittedOperations, log)
  const beginTrace = createRequestTraces(spans, now)
  const answers = createAnswerMemory<KeptAnswer>(cacheBytes * (1 - repliesShare))
  const kept = { cacheSizes: cache.sizes, answerBytes: () => answers.bytes }
  const operations = createOperationsWatch({ clients, isFeedCurrent: feeds.isCurrent, ...kept, maxCacheBytes: cacheBytes, inFlight: () => requests.inFlight, now })
  const requests = createRequestObserver({ ...metrics, observe: [metrics.observe, operations.observe, ...observe], onContent: observe, beginTrace, now, log })
  trail.expect(() => requests.inFlight)
  metrics.watch({
    ...feeds,
    requests,
    regions: codes,
    isSuspended: (region) => clients.some((client) => client.region.code === region && client.suspendedUntilMs() !== null),
    agreementEndMs: createAgreementEnds(policies, now),
    ...kept,
    isAuditOpen: () => trail.status === 'OPEN',
    auditSequence: () => trail.head.sequence,
  })
  const contextOf = (viewer: VerifiedViewer, origin: string, { recorder, basis = null, showsPlan = false }: Noted): RequestContext => {
    recorder.planned()
    const { token, holder } = viewer
    const { requestId } = recorder
    const credentialsFor = withTrace(credentialsOf(viewer), recorder.trace)
    const asked: RegionQueryText[] | null = showsPlan ? [] : null
    const deadline = createRequestDeadline({ deadlineMs })
    const loader = createRegionLoader({ holder, credentialsFor, shared, deadline, onAsk: asked && ((one) => asked.push(one)), waits: recorder })
    return { token, holder, credentialsFor, loader, deadline, requestId, recorder, recordViews: accessRecorder.recordViews, basis, asked, origin: publicUrl ?? origin }
  }

  const keptAnswers = createKeptAnswers({
    ...metrics,
    memory: answers,
    regions: codes,
    feeds,
    admits: admission.admits,
    recordAgain: accessRecorder.recordAgain,
    now,
  })

  const viewerOf = createConnectionViewers({ verifyToken, now })

  let closing: Promise<void> | null = null
  const contentParts = { tickets, clients, decideAccess, isFlagged: flagged.isFlagged, credentialsOf, rate, now, beginTrace, onRefused, onAnswered: requests.told, log }
  const { pages, asset } = createPageHandlers({ operationsPage, utilisationPage })
  const yoga = createYoga<VisitedGateway & Begun & LetIn & Required<Observed>, RequestContext>({
    schema,
    graphqlEndpoint: gatewayRoutes.graphql.template,
    plugins: [
      useObservation({ requests, nameOf: admission.nameOf }),
      useBearerToken({ verifyToken, log, onRefused }),
      useRouteHandlers<GatewayRoute, VerifiedViewer>({
        ...createHealthHandlers(async () => closing === null && trail.status === 'OPEN'),
        ...pages,
        pageAsset: asset,
        metrics: createMetricsHandler(metrics),
        operationsFigures: createFiguresHandler(operations),
        document: createContentHandler({ ...contentParts, recordDocument: accessRecorder.recordDocument }),
        graphql: null,
        graphiql: null,
      }),
      useJsonRequests(maxBodyBytes),
      useEntrance(entrance),
      useAdmission(admission),
      useFieldScopes<RequestContext>(findMissingScope, ({ holder }) => holder),
      useDocumentReader(read),
      ...(byPlan ? [useExecutor(executor)] : []),
      useShownPlan(),
      useSafeErrors(log),
      useObservedErrors(requests),
      usePagePolicy(),
    ],
    context: ({ request, visit, recorder }): RequestContext =>
      contextOf(visit.caller, visit.origin, { recorder, showsPlan: showsPlans && request.headers.get(planHeader) === 'show' }),
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
    toOrigin: (request) => publicUrl ?? toReachedOrigin(request, trustedProxies),
    onRefused,
  })

  const onWitness: Parameters<typeof watchHead>[0]['onWitness'] = (outcome, cause) => {
    metrics.onWitness(outcome)
    if (outcome === 'failed') log('The audit witness did not take the head', cause)
  }
  let heads: HeadWatch | null = null
  let listening: Listening | null = null
  let reading: Disposable | null = null
  const close = async (options?: CloseOptions) => {
    reading?.[Symbol.dispose]()
    await listening?.close(options)
    // Not before: places are given by it for as long as operations come.
    loop[Symbol.dispose]()
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
      const planned = { read, entrance, executor, viewerOf, maxBodyBytes, admission, findMissingScope, contextOf, keptAnswers, requests, answerOthers, yoga }
      const shedding = withLoadShedding(byPlan ? answerByPlan(planned) : answerOthers, { operations: { places }, contents: { places: contentPlaces }, onRefused })
      // Outside: a page of another site can read, by its headers, that it was shed.
      const guarded = withSafeHeaders(frontDoor.decide(withCors(frontDoor.route(shedding), { origins: corsOrigins, publicUrl, onRefused })), { publicUrl })
      await feeds.start()
      listening = await listen(guarded, { arrivalMs, acceptors: 64, ...where })
      reading = beginReading(tallies)
      heads = watchHead({ trail, witness, onHead, onWitness })
      return { url: listening.url }
    },
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  }
}
