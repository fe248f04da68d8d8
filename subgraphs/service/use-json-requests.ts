import type { GraphQLParams, Plugin } from 'graphql-yoga'
import { fault } from '../../schema/graphql-errors.ts'

/** Operations come as JSON in the body of a POST only: what stands in a URL ends up in logs, and no form of another site can send JSON. */
export function useJsonRequests(maxBytes: number): Plugin {
  return {
    onRequestParse({ request, setRequestParser }) {
      if (request.method !== 'POST') throw fault('METHOD_NOT_ALLOWED', 'Expected the operation in the body of a POST request.', { status: 405, headers: { allow: 'POST' } })
      const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
      if (type !== 'application/json') throw fault('UNSUPPORTED_MEDIA_TYPE', 'Expected the content type application/json.', { status: 415 })
      setRequestParser((one) => readJson(one, maxBytes))
    },
    onResponse({ response }) {
      response.headers.set('cache-control', 'no-store')
    },
  }
}

async function readJson(request: Request, maxBytes: number): Promise<GraphQLParams> {
  const bytes = await readBytes(request, maxBytes)
  // The body is not read to its end, so the connection cannot be used again.
  if (bytes === null) throw fault('PAYLOAD_TOO_LARGE', `Expected a body of at most ${maxBytes} bytes.`, { status: 413, headers: { connection: 'close' } })
  const parsed = parse(bytes)
  if (typeof parsed !== 'object' || parsed === null) throw fault('BAD_REQUEST', 'Expected a JSON object with query, variables and operationName.', { status: 400 })
  return parsed
}

/** Null when the body is longer than allowed. */
async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array | null> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return null
  const chunks: Uint8Array[] = []
  let size = 0
  // A reader, not for await: leaving that loop cancels the stream, and with it the socket, before the answer is out.
  const reader = request.body?.getReader()
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    size += read.value.byteLength
    if (size > maxBytes) return null
    chunks.push(read.value)
  }
  return Buffer.concat(chunks)
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    // Not the parser's words: they repeat the text.
    return null
  }
}
