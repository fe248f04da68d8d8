import { gatewayRoutes } from '../../schema/http/routes.ts'
import type { Page } from '../pages/page.ts'

/** The weekly utilisation report, for the programme office; to be read and printed. */
export const utilisationPage: Page = {
  path: gatewayRoutes.utilisationPage.template,
  title: 'Weekly utilisation',
  main: '<div id="sign-in"></div>\n<div id="week"></div>\n<div id="report"></div>',
  module: 'utilisation/browser/utilisation-page.js',
  styles: 'utilisation/browser/utilisation.css',
}
