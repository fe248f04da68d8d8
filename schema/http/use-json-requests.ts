import type { GraphQLParams, Plugin } from 'graphql-yoga'
import { fault } from '../graphql-errors.ts'
import { readBody } from './read-body.ts'

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
  const body = await readBody(request, maxBytes)
  // The body is not read to its end, so the connection cannot be used again.
  if (body.status === 'too-long') throw fault('PAYLOAD_TOO_LARGE', `Expected a body of at most ${maxBytes} bytes.`, { status: 413, headers: { connection: 'close' } })
  // Nobody hears it; a fault, for what is none is logged as a bug.
  if (body.status === 'aborted') throw fault('BAD_REQUEST', 'Expected the whole body.', { status: 400, headers: { connection: 'close' } })
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
