import type { GraphQLError } from 'graphql'

/** A request refused before GraphQL: an HTTP status with a GraphQL error as its body, in the media type that was asked for. */
export function createErrorResponse(request: Request, status: number, error: GraphQLError, headers: Readonly<Record<string, string>> = {}): Response {
  const { http: _, ...extensions } = error.extensions
  const type = request.headers.get('accept')?.includes('application/graphql-response+json') ? 'application/graphql-response+json' : 'application/json'
  const body = JSON.stringify({ errors: [{ message: error.message, extensions }] })
  return new Response(body, { status, headers: { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store', ...headers } })
}
