import type { RequestListener } from 'node:http'
import type { Plugin } from 'graphql-yoga'

export interface SafeHeadersOptions {
  /** The gateway's own address. If it is https, answers carry Strict-Transport-Security (RFC 6797). */
  readonly publicUrl?: string
}

/**
 * Sets headers that keep a browser from sniffing, running, framing, caching or sharing an answer.
 * A response that needs others (GraphiQL, document content) overrides these.
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

/**
 * The policy for HTML pages: their own inline scripts and styles, embedded images, fonts and workers, and this
 * gateway; no other site, no frame.
 */
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

/**
 * Gives HTML pages their content security policy (CSP level 3). Document content, which may be HTML too, has its own.
 */
export function useHtmlPolicy(): Plugin {
  return {
    onResponse({ response }) {
      const { headers } = response
      if (headers.get('content-type')?.startsWith('text/html') && !headers.has('content-security-policy'))
        headers.set('content-security-policy', htmlPolicy)
    },
  }
}
