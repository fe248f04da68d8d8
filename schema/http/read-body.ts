/** A body as it came, why there is none, that it is longer than allowed, or that its sender hung up before its end. */
export type BodyBytes = { readonly status: 'read'; readonly bytes: Buffer } | { readonly status: 'too-long' } | { readonly status: 'aborted' }

/** A body as text, why there is none, that it is longer than allowed, or that its sender hung up before its end. */
export type Body = { readonly status: 'read'; readonly text: string } | { readonly status: 'too-long' } | { readonly status: 'not-utf-8' } | { readonly status: 'aborted' }

/** Reads a request's body and stops at the limit: what is longer is never held. */
export async function readBody(request: Request, maxBytes: number): Promise<Body> {
  const body = await readBytes(request, maxBytes)
  if (body.status !== 'read') return body
  const text = decodeUtf8(body.bytes)
  return text === null ? { status: 'not-utf-8' } : { status: 'read', text }
}

/** As readBody, the bytes not decoded. */
export async function readBytes(request: Request, maxBytes: number): Promise<BodyBytes> {
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
async function readChunk(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): Promise<{ readonly done: boolean; readonly value?: Uint8Array }> {
  try {
    return (await reader?.read()) ?? { done: true }
  } catch {
    return { done: false }
  }
}
