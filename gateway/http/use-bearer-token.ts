import type { Plugin } from 'graphql-yoga'
import { type TokenHolder, TokenRejected, type TokenVerifier, toBearerToken } from '../../schema/access-token.ts'

export interface VerifiedViewer {
  readonly token: string
  readonly holder: TokenHolder
}

export interface BearerTokens {
  readonly plugin: Plugin
  /** Who sent a request; only for requests that the plugin let pass. */
  viewerOf(request: Request): VerifiedViewer
}

/** Lets only requests with a valid bearer token (RFC 6750) reach GraphQL; others are answered 401 before anything is read. */
export function useBearerToken(verifyToken: TokenVerifier, endpoint: string): BearerTokens {
  const viewers = new WeakMap<Request, VerifiedViewer>()
  return {
    viewerOf(request) {
      const viewer = viewers.get(request)
      if (!viewer) throw new Error('Expected a request whose token was verified')
      return viewer
    },
    plugin: {
      async onRequest({ request, url, endResponse, fetchAPI }) {
        if (url.pathname !== endpoint || request.method === 'OPTIONS') return
        try {
          const token = toBearerToken(request.headers.get('authorization'))
          viewers.set(request, { token, holder: await verifyToken(token) })
        } catch (error) {
          if (!(error instanceof TokenRejected)) throw error
          const body = { errors: [{ message: error.message, extensions: { code: error.code } }] }
          endResponse(
            new fetchAPI.Response(JSON.stringify(body), {
              status: 401,
              headers: { 'content-type': 'application/json; charset=utf-8', 'www-authenticate': 'Bearer', 'cache-control': 'no-store' },
            }),
          )
        }
      },
    },
  }
}
