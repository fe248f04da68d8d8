import { InvalidSetting } from './startup-error.ts'

export interface FetchJsonOptions {
  /** Media types for the Accept header. */
  readonly accept: string
  /** Timeout for the whole response, in milliseconds. */
  readonly timeoutMs: number
  /** Largest body in bytes, after decompression. */
  readonly maxBytes: number
  /** What InvalidSetting says was expected. */
  readonly expected: string
}

/**
 * Fetches a JSON value. Throws InvalidSetting for a status other than 200, another media type, a longer body, and a
 * redirect, because that may lead to plain http or another host. Throws fetch's error where nothing answers in time.
 */
export async function fetchJson(
  address: URL,
  { accept, timeoutMs, maxBytes, expected }: FetchJsonOptions,
): Promise<unknown> {
  const response = await fetch(address, {
    headers: { accept },
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  })
  const source = `${address.origin}${address.pathname}`
  const refuse = async (found: string) => {
    await response.body?.cancel()
    return new InvalidSetting(expected, `${found} at ${source}`)
  }
  if (response.status !== 200) throw await refuse(`status ${response.status}`)
  const [mediaType = ''] = (response.headers.get('content-type') ?? '').split(';')
  if (!/^application\/([\w.-]+\+)?json$/i.test(mediaType.trim())) throw await refuse('another media type than JSON')
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the loop cancels the body.
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) throw new InvalidSetting(expected, `more than ${maxBytes} bytes at ${source}`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new InvalidSetting(expected, `no JSON at ${source}`)
  }
}
