import type { IncomingMessage } from 'node:http'
import type { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { TokenRejected, type TokenVerifier, toBearerToken, type VerifiedViewer } from '../../schema/access-token.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { insufficientScope } from '../../schema/scopes.ts'
import { toErrorResponse } from '../../schema/service/error-response.ts'
import type { RoutedContext, RoutedRequest } from '../../schema/service/routed-request.ts'
import type { GatewayRoute } from '../../schema/service/routes.ts'
import type { ServiceLog } from '../../schema/service/service-log.ts'

/** A request to the gateway. */
export type GatewayRequest = RoutedRequest<GatewayRoute, VerifiedViewer>

/** graphql-yoga's server context of a request to the gateway. */
export type GatewayServerContext = RoutedContext<GatewayRoute, VerifiedViewer>

/** The parts of a request that say who sent it. */
export interface PresentedToken {
  /** The Authorization header. */
  readonly authorization: string | null | undefined
  /** The socket that the request came by; null if the request came without one. */
  readonly connection: object | null
}

/**
 * Decides who sent a request (RFC 6750), and whether their token opens its route. Admits the viewer to the request and
 * returns null; or returns the refusal: 401 or 403, or 503 if the token could not be verified.
 */
export type Authenticate = (
  routed: GatewayRequest,
  presented: PresentedToken,
) => GraphQLError | null | Promise<GraphQLError | null>

export interface AuthenticationOptions {
  readonly verifyToken: TokenVerifier
  readonly log: ServiceLog
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Receives the code of each refusal. @default none */
  readonly onRefused?: (code: string) => void
}

/** The viewer of the last request on a connection. */
interface LastViewer {
  readonly authorization: string
  readonly viewer: VerifiedViewer
  readonly verifiedAtMs: number
}

/**
 * Creates the one authentication that both front doors call. It verifies a token once per connection, because most
 * requests carry the same token as the request before them, and decides each request once.
 */
export function createAuthentication({
  verifyToken,
  log,
  now,
  onRefused = () => {},
}: AuthenticationOptions): Authenticate {
  const lastViewers = new WeakMap<object, LastViewer>()
  const refusals = new WeakMap<GatewayRequest, GraphQLError>()
  const refuse = (routed: GatewayRequest, error: GraphQLError): GraphQLError => {
    onRefused(String(error.extensions.code))
    refusals.set(routed, error)
    return error
  }
  const admit = (routed: GatewayRequest, viewer: VerifiedViewer): GraphQLError | null => {
    const error = findRouteRefusal(routed, viewer)
    if (error) return refuse(routed, error)
    routed.admit(viewer)
    return null
  }
  const verify = async (routed: GatewayRequest, { authorization, connection }: PresentedToken) => {
    let viewer: VerifiedViewer
    try {
      // The clock is read before the verifier reads its own, so that the token is never trusted for too long.
      const verifiedAtMs = now()
      const token = toBearerToken(authorization)
      viewer = { token, holder: await verifyToken(token) }
      if (authorization && connection) lastViewers.set(connection, { authorization, viewer, verifiedAtMs })
    } catch (error) {
      return refuse(routed, toTokenFault(error, log))
    }
    return admit(routed, viewer)
  }
  return (routed, presented) => {
    const refusal = refusals.get(routed)
    if (refusal) return refusal
    const last = presented.connection && lastViewers.get(presented.connection)
    if (!last || last.authorization !== presented.authorization) return verify(routed, presented)
    const nowMs = now()
    // A clock that was set back must not extend the token's validity.
    return last.verifiedAtMs <= nowMs && nowMs < last.viewer.holder.verifiedUntilMs
      ? admit(routed, last.viewer)
      : verify(routed, presented)
  }
}

/** The refusal of a viewer whose token lacks the scope that the route names; null if the route is open to them. */
function findRouteRefusal({ match: { route } }: GatewayRequest, { holder }: VerifiedViewer): GraphQLError | null {
  // No route of the gateway admits gateways or publishers, because it could not verify them.
  if (route.admits !== 'viewer' && route.admits !== 'publisher')
    return fault('UNAUTHENTICATED', 'Expected a caller of another kind.', { status: 401 })
  return route.scope === 'each-field' || holder.scopes.includes(route.scope) ? null : insufficientScope(route.scope)
}

function toTokenFault(error: unknown, log: ServiceLog): GraphQLError {
  if (error instanceof TokenRejected)
    return fault(error.code, error.message, {
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
      extensions: { reason: error.reason },
    })
  log('Verifying a token failed', error)
  return fault('UNAVAILABLE', 'The keys to verify the token with cannot be reached.', { status: 503 })
}

/** The part of yoga's server context that holds a request that came by a socket. */
interface Incoming {
  readonly req?: IncomingMessage
}

/**
 * Refuses a request without a valid bearer token before its body is read, and closes the connection. Routes that admit
 * anyone need no token.
 */
export function useBearerToken(
  authenticate: Authenticate,
): Plugin<Record<string, unknown>, GatewayServerContext & Incoming> {
  return {
    async onRequest({ request, serverContext: { routed, req }, endResponse }) {
      if (routed.match.route.admits === 'anyone' || routed.isAdmitted) return
      const refusal = await authenticate(routed, {
        authorization: request.headers.get('authorization'),
        connection: req?.socket ?? null,
      })
      if (refusal) endResponse(toErrorResponse(request, refusal, { connection: 'close' }))
    },
  }
}
