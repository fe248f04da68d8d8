import type { RequestListener } from 'node:http'
import type { VerifiedViewer } from '../../schema/access-token.ts'
import { createFrontDoor } from '../../schema/service/front-door.ts'
import { createRouter } from '../../schema/service/router.ts'
import { type GatewayRoute, gatewayRoutes } from '../../schema/service/routes.ts'
import type { Executor } from '../operation/execute-operation.ts'
import type { ResponseCache } from '../operation/response-cache.ts'
import type { CreateRequestContext } from '../request/request-context.ts'
import { answerFromPlan } from '../server/answer-from-plan.ts'
import { toRequestOrigin } from '../server/trusted-proxies.ts'
import { withCors } from '../server/with-cors.ts'
import { withLoadShedding } from '../server/with-load-shedding.ts'
import { withSafeHeaders } from '../server/with-safe-headers.ts'
import type { Admission } from './admission.ts'
import type { GatewaySettings } from './gateway-options.ts'
import type { Observation } from './observation.ts'
import type { createYogaServer } from './yoga-server.ts'

/** The way in: without a socket, and as a listener of node's. */
export interface GatewayDoor {
  fetch(request: Request): Promise<Response>
  readonly listener: RequestListener
}

export interface GatewayDoorOptions {
  readonly settings: Pick<
    GatewaySettings,
    'publicUrl' | 'trustedProxies' | 'graphiql' | 'corsOrigins' | 'maxBodyBytes' | 'usesPlans' | 'log'
  >
  readonly yoga: ReturnType<typeof createYogaServer>
  readonly executor: Executor
  readonly admission: Admission
  readonly responseCache: ResponseCache
  readonly createRequestContext: CreateRequestContext
  readonly observation: Observation
  /** Receives the code of each refusal. */
  readonly onRefused: (code: string) => void
}

/** A request passes safe headers, the route's decision, CORS and load shedding, then the plan's door, then yoga. */
export function createGatewayDoor({
  settings: { publicUrl, trustedProxies, graphiql, corsOrigins, maxBodyBytes, usesPlans, log },
  yoga,
  executor,
  admission,
  responseCache,
  createRequestContext,
  observation,
  onRefused,
}: GatewayDoorOptions): GatewayDoor {
  const frontDoor = createFrontDoor<GatewayRoute, VerifiedViewer>({
    router: createRouter(gatewayRoutes, graphiql === null ? ['graphiql'] : []),
    server: yoga,
    log,
    toOrigin: (request) => publicUrl ?? toRequestOrigin(request, trustedProxies),
    onRefused,
  })
  const planned = answerFromPlan({
    authenticate: admission.authenticate,
    operationGate: admission.operationGate,
    operationReader: admission.operationReader,
    toOperationName: admission.trustedDocuments.findName,
    executor,
    maxBodyBytes,
    createRequestContext,
    responseCache,
    requests: observation.requests,
    answerOthers: frontDoor.answer,
    yoga,
  })
  const shedding = withLoadShedding(usesPlans ? planned : frontDoor.answer, {
    operations: { limiter: admission.operationLimiter },
    contents: { limiter: admission.contentLimiter },
    onRefused,
  })
  // CORS comes before load shedding, so that a page of another site can read that its request was shed.
  const routed = frontDoor.decide(withCors(frontDoor.route(shedding), { origins: corsOrigins, publicUrl, onRefused }))
  return { fetch: frontDoor.fetch, listener: withSafeHeaders(routed, { publicUrl }) }
}
