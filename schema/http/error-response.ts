import type { GraphQLError } from 'graphql'
import { toErrorBody } from './error-body.ts'

/** A request refused before GraphQL: an HTTP status with a GraphQL error as its body, in the media type that was asked for. */
export function createErrorResponse(request: Request, status: number, error: GraphQLError, headers: Readonly<Record<string, string>> = {}): Response {
  const { type, text } = toErrorBody(request.headers.get('accept'), error)
  return new Response(text, { status, headers: { 'content-type': type, 'cache-control': 'no-store', ...headers } })
}

/** The same for a fault that has its HTTP status and headers. */
export function toErrorResponse(request: Request, error: GraphQLError, headers: Readonly<Record<string, string>> = {}): Response {
  const { status = 500, headers: own } = (error.extensions.http ?? {}) as { readonly status?: number; readonly headers?: Readonly<Record<string, string>> }
  return createErrorResponse(request, status, error, { ...own, ...headers })
}
