import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GraphQLError } from 'graphql'

/**
 * Refuses a request before GraphQL: an HTTP status with a GraphQL error as body, in the media type that the client
 * accepts.
 */
export function createErrorResponse(
  request: Request,
  status: number,
  error: GraphQLError,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const { type, text } = toErrorBody(request.headers.get('accept'), error)
  return new Response(text, { status, headers: { 'content-type': type, 'cache-control': 'no-store', ...headers } })
}

/** Refuses a request with a fault that has its own HTTP status and headers. */
export function toErrorResponse(
  request: Request,
  error: GraphQLError,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const { status = 500, headers: own } = (error.extensions.http ?? {}) as {
    readonly status?: number
    readonly headers?: Readonly<Record<string, string>>
  }
  return createErrorResponse(request, status, error, { ...own, ...headers })
}

/** Prints a GraphQL error as a response body in the accepted media type, without the extensions meant for HTTP. */
export function toErrorBody(
  accept: string | null | undefined,
  error: GraphQLError,
): { readonly type: string; readonly text: string } {
  const { http: _, ...extensions } = error.extensions
  const type = accept?.includes('application/graphql-response+json')
    ? 'application/graphql-response+json'
    : 'application/json'
  return { type: `${type}; charset=utf-8`, text: JSON.stringify({ errors: [{ message: error.message, extensions }] }) }
}

/**
 * Answers a request of node's with a fault, by its HTTP status and headers. Node discards an unread body, so the
 * connection stays open.
 */
export function sendError(
  { headers: { accept } }: IncomingMessage,
  response: ServerResponse,
  error: GraphQLError,
): void {
  const { status, headers } = (error.extensions.http ?? {}) as {
    readonly status?: number
    readonly headers?: Readonly<Record<string, string>>
  }
  const { type, text } = toErrorBody(accept, error)
  response.writeHead(status ?? 500, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(text)
}
