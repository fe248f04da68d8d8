import type { Plugin } from 'graphql-yoga'

/** What GraphiQL's page needs: its own scripts, styles, fonts and workers, which are all inside it, and this gateway; no other site, no frame. */
const policy = [
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
export function usePagePolicy(): Plugin {
  return {
    onResponse({ response }) {
      const { headers } = response
      if (headers.get('content-type')?.startsWith('text/html') && !headers.has('content-security-policy')) headers.set('content-security-policy', policy)
    },
  }
}
