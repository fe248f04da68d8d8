import type { GraphQLParams, Plugin } from 'graphql-yoga'
import { fault } from '../graphql-errors.ts'

/** Operations come as JSON in the body of a POST only: what stands in a URL ends up in logs, and no form of another site can send JSON. */
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
  // The body is not read to its end, so the connection cannot be used again.
  if (body.status === 'too-long')
    throw fault('PAYLOAD_TOO_LARGE', `Expected a body of at most ${maxBytes} bytes.`, {
      status: 413,
      headers: { connection: 'close' },
    })
  // Nobody hears it; a fault, for what is none is logged as a bug.
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
    // Not the parser's words: they repeat the text.
    return null
  }
}

/** A body as it came, why there is none, that it is longer than allowed, or that its sender hung up before its end. */
export type BodyBytesResult =
  | { readonly status: 'read'; readonly bytes: Buffer }
  | { readonly status: 'too-long' }
  | { readonly status: 'aborted' }

/** A body as text, why there is none, that it is longer than allowed, or that its sender hung up before its end. */
export type BodyTextResult =
  | { readonly status: 'read'; readonly text: string }
  | { readonly status: 'too-long' }
  | { readonly status: 'not-utf-8' }
  | { readonly status: 'aborted' }

/** Reads a request's body and stops at the limit: what is longer is never held. */
export async function readBodyText(request: Request, maxBytes: number): Promise<BodyTextResult> {
  const body = await readBodyBytes(request, maxBytes)
  if (body.status !== 'read') return body
  const text = decodeUtf8(body.bytes)
  return text === null ? { status: 'not-utf-8' } : { status: 'read', text }
}

/** As readBody, the bytes not decoded. */
export async function readBodyBytes(request: Request, maxBytes: number): Promise<BodyBytesResult> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return { status: 'too-long' }
  const chunks: Uint8Array[] = []
  let size = 0
  // A reader, not for await (nor yoga's own limit): leaving the loop would cancel the stream, and with it the socket, before the answer.
  const reader = request.body?.getReader()
  for (let read = await readChunk(reader); !read.done; read = await readChunk(reader)) {
    if (!read.value) return { status: 'aborted' }
    size += read.value.byteLength
    if (size > maxBytes) return { status: 'too-long' }
    chunks.push(read.value)
  }
  return { status: 'read', bytes: Buffer.concat(chunks) }
}

/** Bytes as text; null where they are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** The next chunk; none, though not done, where the connection fails: the only way for a request's body to. */
async function readChunk(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
): Promise<{ readonly done: boolean; readonly value?: Uint8Array }> {
  try {
    return (await reader?.read()) ?? { done: true }
  } catch {
    return { done: false }
  }
}
