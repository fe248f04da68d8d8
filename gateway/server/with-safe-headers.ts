import type { RequestListener } from 'node:http'
import type { Plugin } from 'graphql-yoga'

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

/** What GraphiQL's page needs: its own scripts, styles, fonts and workers, which are all inside it, and this gateway; no other site, no frame. */
const htmlPolicy = [
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  'font-src data:',
  'worker-src blob:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Gives pages a content security policy (CSP level 3) in place of that of data; a document's content, which may be a page too, has its own. */
export function useHtmlPolicy(): Plugin {
  return {
    onResponse({ response }) {
      const { headers } = response
      if (headers.get('content-type')?.startsWith('text/html') && !headers.has('content-security-policy'))
        headers.set('content-security-policy', htmlPolicy)
    },
  }
}
