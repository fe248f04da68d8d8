import type { GraphQLParams, Plugin } from 'graphql-yoga'
import { fault } from '../graphql-errors.ts'

/**
 * Accepts operations as JSON in the body of a POST only, because URLs end up in logs and no form of another site can
 * send JSON.
 */
export function useJsonRequests(maxBytes: number): Plugin {
  return {
    onRequestParse({ request, setRequestParser }) {
      if (request.method !== 'POST')
        throw fault('METHOD_NOT_ALLOWED', 'Expected the operation in the body of a POST request.', {
          status: 405,
          headers: { allow: 'POST' },
        })
      const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
      if (type !== 'application/json')
        throw fault('UNSUPPORTED_MEDIA_TYPE', 'Expected the content type application/json.', { status: 415 })
      setRequestParser((one) => readJson(one, maxBytes))
    },
    onResponse({ response }) {
      response.headers.set('cache-control', 'no-store')
    },
  }
}

async function readJson(request: Request, maxBytes: number): Promise<GraphQLParams> {
  const body = await readBodyText(request, maxBytes)
  // The body is not read to its end, so the connection cannot be reused.
  if (body.status === 'too-long')
    throw fault('PAYLOAD_TOO_LARGE', `Expected a body of at most ${maxBytes} bytes.`, {
      status: 413,
      headers: { connection: 'close' },
    })
  // No client receives this. It is a fault, because any other error is logged as a bug.
  if (body.status === 'aborted')
    throw fault('BAD_REQUEST', 'Expected the whole body.', { status: 400, headers: { connection: 'close' } })
  const parsed = body.status === 'read' ? parse(body.text) : null
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw fault('BAD_REQUEST', 'Expected a JSON object with query, variables and operationName.', { status: 400 })
  }
  return parsed
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's message is left out, because it quotes the text.
    return null
  }
}

/** A body as bytes, or why there is none: it is too long, or its sender closed the connection. */
export type BodyBytesResult =
  | { readonly status: 'read'; readonly bytes: Buffer }
  | { readonly status: 'too-long' }
  | { readonly status: 'aborted' }

/** A body as text, or why there is none: it is too long, its sender closed the connection, or it is not UTF-8. */
export type BodyTextResult =
  | { readonly status: 'read'; readonly text: string }
  | { readonly status: 'too-long' }
  | { readonly status: 'not-utf-8' }
  | { readonly status: 'aborted' }

/** Reads a request's body as text and stops at the limit, so that a longer one is never held in memory. */
export async function readBodyText(request: Request, maxBytes: number): Promise<BodyTextResult> {
  const body = await readBodyBytes(request, maxBytes)
  if (body.status !== 'read') return body
  const text = decodeUtf8(body.bytes)
  return text === null ? { status: 'not-utf-8' } : { status: 'read', text }
}

/** Reads a request's body as bytes, up to the limit. */
export async function readBodyBytes(request: Request, maxBytes: number): Promise<BodyBytesResult> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return { status: 'too-long' }
  const chunks: Uint8Array[] = []
  let size = 0
  // This uses a reader, not `for await` or yoga's own limit, because leaving the loop would cancel the stream and its
  // socket before the answer.
  const reader = request.body?.getReader()
  for (let read = await readChunk(reader); !read.done; read = await readChunk(reader)) {
    if (!read.value) return { status: 'aborted' }
    size += read.value.byteLength
    if (size > maxBytes) return { status: 'too-long' }
    chunks.push(read.value)
  }
  return { status: 'read', bytes: Buffer.concat(chunks) }
}

/** Decodes UTF-8; null for invalid bytes. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/**
 * Reads the next chunk. A request's body only fails when its connection does; then the result has no chunk and is not
 * done.
 */
async function readChunk(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
): Promise<{ readonly done: boolean; readonly value?: Uint8Array }> {
  try {
    return (await reader?.read()) ?? { done: true }
  } catch {
    return { done: false }
  }
}
