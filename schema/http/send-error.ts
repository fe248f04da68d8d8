import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GraphQLError } from 'graphql'
import { toErrorBody } from './error-body.ts'

/** Refuses a request of node's with a fault, by its HTTP status and headers. A body that was not read is node's to discard: the connection stays. */
export function sendError({ headers: { accept } }: IncomingMessage, response: ServerResponse, error: GraphQLError): void {
  const { status, headers } = (error.extensions.http ?? {}) as { readonly status?: number; readonly headers?: Readonly<Record<string, string>> }
  const { type, text } = toErrorBody(accept, error)
  response.writeHead(status ?? 500, { 'content-type': type, 'content-length': Buffer.byteLength(text), 'cache-control': 'no-store', ...headers })
  response.end(text)
}
