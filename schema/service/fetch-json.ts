import { InvalidSetting } from './startup-error.ts'

export interface FetchJsonOptions {
  /** The media types asked for. */
  readonly accept: string
  /** For the whole answer. */
  readonly timeoutMs: number
  /** Of the body, as it is once decompressed. */
  readonly maxBytes: number
  /** What the answer should be, for the error. */
  readonly expected: string
}

/**
 * The JSON value at an address. A redirect is refused, because it may lead to plain http or to another host; so are another status than 200,
 * another media type than JSON, and a longer body. Throws InvalidSetting for these, and what `fetch` throws where nothing answers in time.
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
