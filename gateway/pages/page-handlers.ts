import { fault } from '../../schema/graphql-errors.ts'
import { createErrorResponse } from '../../schema/service/error-response.ts'
import type { RouteHandler } from '../../schema/service/use-route-handlers.ts'
import { loadPageAssets } from './page-assets.ts'
import type { Page } from './render-page.ts'
import { pagePolicy, renderPage } from './render-page.ts'

export interface PageHandlers<Name extends string> {
  /** By the page's name. */
  readonly pages: Readonly<Record<Name, RouteHandler<string, unknown>>>
  /** Answers a script or stylesheet, by the route's parameter. */
  readonly asset: RouteHandler<string, unknown>
}

/**
 * Creates the handlers of the pages and their assets. They need no token, because they contain no data of the
 * service.
 */
export function createPageHandlers<Name extends string>(pages: Readonly<Record<Name, Page>>): PageHandlers<Name> {
  const all = Object.values<Page>(pages)
  const assets = loadPageAssets(all)
  const handlers = Object.entries<Page>(pages).map(([name, page]) => {
    const html = renderPage(page, all)
    return [
      name,
      () =>
        new Response(html, {
          headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy },
        }),
    ]
  })
  return {
    pages: Object.fromEntries(handlers),
    asset(request, { match }) {
      const asset = assets.get(match.parameter)
      if (!asset) return createErrorResponse(request, 404, fault('NOT_FOUND', 'There is nothing at this path.'))
      return new Response(asset.text, { headers: { 'content-type': asset.type } })
    },
  }
}
