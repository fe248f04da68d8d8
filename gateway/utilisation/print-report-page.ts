import type { UtilisationReport } from '../../schema/generated/patient-view.ts'
import { loadPageAssets } from '../pages/page-assets.ts'
import { printReport } from './browser/print-report.js'
import { utilisationPage } from './utilisation-resolvers.ts'

/** The report as an HTML file that stands by itself: styles and charts in it, no script, and nothing fetched. */
export function printReportPage(report: UtilisationReport): string {
  const assets = loadPageAssets([utilisationPage])
  const styles = ['nhsuk-frontend.css', 'pages/page.css', utilisationPage.styles ?? ''].map(
    (path) => assets.get(path)?.text ?? '',
  )
  return `<!doctype html>
<html lang="en-GB" class="nhsuk-template">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Share2Care, weekly utilisation ${report.week}</title>
<style>${styles.join('\n')}</style>
</head>
<body class="nhsuk-template__body">
<div class="nhsuk-width-container page-width">
<main class="nhsuk-main-wrapper page-main">
<h1 class="nhsuk-heading-l">Share2Care: weekly utilisation</h1>
${printReport(report)}
</main>
</div>
</body>
</html>
`
}
