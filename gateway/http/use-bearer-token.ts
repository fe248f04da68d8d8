import type { Plugin } from 'graphql-yoga'
import { type TokenHolder, TokenRejected, type TokenVerifier, toBearerToken } from '../../schema/access-token.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { createErrorResponse } from '../../schema/http/error-response.ts'
import type { ServiceLog } from '../../schema/http/service-log.ts'

/** Who sent a request, and with which token. */
export interface VerifiedViewer {
  readonly token: string
  readonly holder: TokenHolder
}

export interface BearerTokenOptions {
  readonly verifyToken: TokenVerifier
  /** Whether a path is for viewers only. */
  readonly isProtected: (pathname: string) => boolean
  readonly log: ServiceLog
  /** Told the code of each refusal. @default nobody */
  readonly onRefused?: (code: string) => void
}

/** Lets only requests with a valid bearer token (RFC 6750) through to what is protected; others are answered 401 before anything is read. */
export function useBearerToken({ verifyToken, isProtected, log, onRefused = () => {} }: BearerTokenOptions): Plugin<Record<string, unknown>, Partial<VerifiedViewer>> {
  return {
    async onRequest({ request, url, serverContext, endResponse }) {
      if (!isProtected(url.pathname)) return
      try {
        const token = toBearerToken(request.headers.get('authorization'))
        const viewer: VerifiedViewer = { token, holder: await verifyToken(token) }
        Object.assign(serverContext, viewer)
      } catch (error) {
        if (error instanceof TokenRejected) {
          onRefused(error.code)
          endResponse(
            createErrorResponse(request, 401, fault(error.code, error.message, { extensions: { reason: error.reason } }), { 'www-authenticate': 'Bearer', connection: 'close' }),
          )
          return
        }
        log('Verifying a token failed', error)
        onRefused('UNAVAILABLE')
        endResponse(createErrorResponse(request, 503, fault('UNAVAILABLE', 'The keys to verify the token with cannot be reached.'), { connection: 'close' }))
      }
    },
  }
}
