import { gatewayRoutes } from '../../schema/http/routes.ts'
import type { Page } from '../pages/page.ts'

/** Latency now and in the last hour, by operation and region, and where it comes from; for those who operate the service. */
export const operationsPage: Page = {
  path: gatewayRoutes.operationsPage.template,
  title: 'Operations',
  main: '<div id="sign-in"></div>\n<div id="operations"></div>',
  module: 'operations/browser/operations-page.js',
  styles: 'operations/browser/operations.css',
}
