import type { IncomingMessage } from 'node:http'
import type { Plugin } from 'graphql-yoga'
import { toErrorResponse } from '../../schema/service/error-response.ts'
import type { Authenticate, GatewayServerContext } from './authentication.ts'

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
