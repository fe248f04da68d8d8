import type { Plugin } from 'graphql-yoga'
import { TokenRejected, type TokenVerifier, toBearerToken, type VerifiedViewer } from '../../schema/access-token.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { insufficientScope } from '../../schema/scopes.ts'
import { createErrorResponse, toErrorResponse } from '../../schema/service/error-response.ts'
import type { RoutedContext, RoutedRequest } from '../../schema/service/routed-request.ts'
import type { GatewayRoute } from '../../schema/service/routes.ts'
import type { ServiceLog } from '../../schema/service/service-log.ts'

/** A request to the gateway. */
export type GatewayRequest = RoutedRequest<GatewayRoute, VerifiedViewer>

/** graphql-yoga's server context of a request to the gateway. */
export type GatewayServerContext = RoutedContext<GatewayRoute, VerifiedViewer>

export interface BearerTokenOptions {
  readonly verifyToken: TokenVerifier
  readonly log: ServiceLog
  /** Receives the code of each refusal. @default nobody */
  readonly onRefused?: (code: string) => void
}

/**
 * Authenticates requests by bearer token (RFC 6750) and checks the scope that the route names, before the body is
 * read.
 * Answers 401 or 403 otherwise. Routes that admit anyone need no token.
 */
export function useBearerToken({
  verifyToken,
  log,
  onRefused = () => {},
}: BearerTokenOptions): Plugin<Record<string, unknown>, GatewayServerContext> {
  const refuse = (request: Request, routed: GatewayRequest, { token, holder }: VerifiedViewer): Response | null => {
    const { route } = routed.match
    // No route of the gateway admits gateways or publishers, so any other kind of route is refused.
    const scope = route.admits === 'viewer' || route.admits === 'publisher' ? route.scope : null
    if (scope !== null && (scope === 'each-field' || holder.scopes.includes(scope))) {
      routed.admit({ token, holder })
      return null
    }
    const error =
      scope === null
        ? fault('UNAUTHENTICATED', 'Expected a caller of another kind.', { status: 401 })
        : insufficientScope(scope)
    onRefused(String(error.extensions.code))
    return toErrorResponse(request, error, { connection: 'close' })
  }
  return {
    async onRequest({ request, serverContext: { routed }, endResponse }) {
      if (routed.match.route.admits === 'anyone' || routed.isAdmitted) return
      try {
        const token = toBearerToken(request.headers.get('authorization'))
        const refused = refuse(request, routed, { token, holder: await verifyToken(token) })
        if (refused) endResponse(refused)
      } catch (error) {
        if (error instanceof TokenRejected) {
          onRefused(error.code)
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
        onRefused('UNAVAILABLE')
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
