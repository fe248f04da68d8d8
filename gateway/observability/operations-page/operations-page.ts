import { gatewayRoutes } from '../../../schema/service/routes.ts'
import type { RouteHandler } from '../../../schema/service/use-route-handlers.ts'
import type { Page } from '../../pages/render-page.ts'
import type { OperationsMonitor } from './operations-monitor.ts'

/**
 * Latency now and in the last hour, by operation and region, and where it comes from; for those who operate the
 * service.
 */
export const operationsPage: Page = {
  path: gatewayRoutes.operationsPage.template,
  title: 'Operations',
  main: '<div id="sign-in"></div>\n<div id="operations"></div>',
  module: 'observability/operations-page/browser/operations-page.js',
  styles: 'observability/operations-page/browser/operations.css',
}

/** Answers the operations page's figures. Its route lets only those in who may operate the service. */
export function createFiguresHandler({ figures }: Pick<OperationsMonitor, 'figures'>): RouteHandler<string, unknown> {
  return () =>
    new Response(figures(), {
      headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    })
}
