import type { Plugin } from 'graphql-yoga'
import type { JWTVerifyGetKey } from 'jose'
import { TokenRejected, type TokenVerifier, toBearerToken } from '../../schema/access-token.ts'
import { AssertionRejected, assertionHeader, createAssertionVerifier } from '../../schema/assertion.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { insufficientScope } from '../../schema/scopes.ts'
import { createErrorResponse, toErrorResponse } from '../../schema/service/error-response.ts'
import type { RoutedContext } from '../../schema/service/routed-request.ts'
import type { StoreRoute } from '../../schema/service/routes.ts'
import type { ServiceLog } from '../../schema/service/service-log.ts'
import type { StoreRequestContext } from './resolvers.ts'

export interface AuthenticationOptions {
  readonly verifyToken: TokenVerifier
  /** Public keys of the trusted gateways. */
  readonly gatewayKeys: JWTVerifyGetKey
  /** RegionCode that the assertion must be for. */
  readonly region: string
  readonly now: () => number
  readonly log: ServiceLog
}

/**
 * Authenticates requests to routes for viewers: the viewer's own token, the route's scope, and a gateway's assertion
 * for that token. The handlers of other routes verify publishers and gateways themselves, because they refuse in their
 * own format.
 */
export function useAuthentication({
  verifyToken,
  gatewayKeys,
  region,
  now,
  log,
}: AuthenticationOptions): Plugin<Record<string, unknown>, RoutedContext<StoreRoute, StoreRequestContext>> {
  const verifyAssertion = createAssertionVerifier({ keys: gatewayKeys, region, now })
  const authenticate = async (request: Request): Promise<StoreRequestContext> => {
    const token = toBearerToken(request.headers.get('authorization'))
    const viewer = await verifyToken(token)
    const assertion = request.headers.get(assertionHeader)
    if (!assertion) throw new AssertionRejected(`expected the header ${assertionHeader}`)
    return { viewer, access: await verifyAssertion(assertion, token) }
  }
  return {
    // This runs before the body is read, so that an unauthorised caller cannot make us read one.
    async onRequest({ request, serverContext: { routed }, endResponse }) {
      const { route } = routed.match
      if (route.admits !== 'viewer') return
      try {
        const caller = await authenticate(request)
        if (route.scope === 'each-field' || caller.viewer.scopes.includes(route.scope)) routed.admit(caller)
        else endResponse(toErrorResponse(request, insufficientScope(route.scope), { connection: 'close' }))
      } catch (error) {
        if (error instanceof TokenRejected || error instanceof AssertionRejected) {
          endResponse(
            createErrorResponse(
              request,
              401,
              fault(error.code, error.message, { extensions: { reason: error.reason } }),
              { 'www-authenticate': 'Bearer', connection: 'close' },
            ),
          )
          return
        }
        log('Verifying a token failed', error)
        endResponse(
          createErrorResponse(
            request,
            503,
            fault('UNAVAILABLE', 'The keys to verify the token with cannot be reached.'),
            { connection: 'close' },
          ),
        )
      }
    },
  }
}
