import type { Plugin } from 'graphql-yoga'
import { fault } from '../../schema/graphql-errors.ts'
import { createErrorResponse } from '../../schema/http/error-response.ts'
import type { Page } from './page.ts'
import { loadPageAssets } from './page-assets.ts'
import { assetsPath, pagePolicy, renderPage } from './render-page.ts'

/** Serves the pages and what they are made of. Anybody may have these: nothing of the service's is in them. */
export function usePages(pages: readonly Page[]): Plugin {
  const assets = loadPageAssets(pages)
  const texts = new Map(pages.map((page) => [page.path, renderPage(page, pages)]))
  return {
    onRequest({ request, url: { pathname }, endResponse }) {
      const html = texts.get(pathname)
      const asset = pathname.startsWith(assetsPath) ? assets.get(pathname.slice(assetsPath.length)) : undefined
      if (html === undefined && !asset) return
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        endResponse(createErrorResponse(request, 405, fault('METHOD_NOT_ALLOWED', 'Expected GET.'), { allow: 'GET, HEAD' }))
      } else if (html !== undefined) {
        endResponse(new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy } }))
      } else if (asset) {
        endResponse(new Response(asset.text, { headers: { 'content-type': asset.type } }))
      }
    },
  }
}
