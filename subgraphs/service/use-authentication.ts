import type { Plugin } from 'graphql-yoga'
import type { JWTVerifyGetKey } from 'jose'
import { type TokenHolder, TokenRejected, type TokenVerifier, toBearerToken } from '../../schema/access-token.ts'
import { type AccessContext, AssertionRejected, assertionHeader, createAssertionVerifier } from '../../schema/assertion.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { createErrorResponse } from '../../schema/http/error-response.ts'
import type { ServiceLog } from '../../schema/http/service-log.ts'
import type { ServiceContext } from './resolvers.ts'
import { contentPath } from './use-content.ts'

export interface AuthenticationOptions {
  readonly verifyToken: TokenVerifier
  /** Keys of the gateways that may ask. */
  readonly gatewayKeys: JWTVerifyGetKey
  /** RegionCode that an assertion must be for. */
  readonly region: string
  readonly now: () => number
  readonly log: ServiceLog
}

/** Lets a request for records or content through only with a viewer's own token and a gateway's assertion for it; puts who asks into the context. */
export function useAuthentication({ verifyToken, gatewayKeys, region, now, log }: AuthenticationOptions): Plugin<Record<string, unknown>, Partial<ServiceContext>> {
  const verifyAssertion = createAssertionVerifier({ keys: gatewayKeys, region, now })
  const authenticate = async (request: Request): Promise<{ readonly viewer: TokenHolder; readonly access: AccessContext }> => {
    const token = toBearerToken(request.headers.get('authorization'))
    const viewer = await verifyToken(token)
    const assertion = request.headers.get(assertionHeader)
    if (!assertion) throw new AssertionRejected(`expected the header ${assertionHeader}`)
    return { viewer, access: await verifyAssertion(assertion, token) }
  }
  return {
    // Before the body is read: who may not ask makes us read nothing.
    async onRequest({ request, url, serverContext, endResponse }) {
      if (url.pathname !== '/graphql' && !url.pathname.startsWith(contentPath)) return
      try {
        Object.assign(serverContext, await authenticate(request))
      } catch (error) {
        if (error instanceof TokenRejected || error instanceof AssertionRejected) {
          endResponse(
            createErrorResponse(request, 401, fault(error.code, error.message, { extensions: { reason: error.reason } }), { 'www-authenticate': 'Bearer', connection: 'close' }),
          )
          return
        }
        log('Verifying a token failed', error)
        endResponse(createErrorResponse(request, 503, fault('UNAVAILABLE', 'The keys to verify the token with cannot be reached.'), { connection: 'close' }))
      }
    },
  }
}
