import type { RequestListener } from 'node:http'

export interface SafeHeadersOptions {
  /** The gateway's own address. Where it is https, browsers are to stay with that. */
  readonly publicUrl?: string
}

/**
 * The headers that keep a browser from making more of an answer than it is: nothing is guessed, run, framed or told to other sites, and nothing
 * kept. A response that needs others (GraphiQL, content) sets its own over these.
 */
export function withSafeHeaders(listener: RequestListener, { publicUrl }: SafeHeadersOptions): RequestListener {
  const headers = Object.entries({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    ...(publicUrl?.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  })
  return (request, response) => {
    for (const [name, value] of headers) response.setHeader(name, value)
    listener(request, response)
  }
}
