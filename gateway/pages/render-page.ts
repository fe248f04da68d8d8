import { hash } from 'node:crypto'
import { gatewayRoutes, toPath } from '../../schema/service/routes.ts'

/** The path prefix of the pages' scripts and styles. */
const assetsPath = toPath(gatewayRoutes.pageAsset.template, '')

/** Renders a page in the common frame, with links to the others. It loads nothing from other sites. */
export function renderPage({ path, title, main, module, styles }: Page, pages: readonly Page[]): string {
  return `<!doctype html>
<html lang="en-GB" class="nhsuk-template">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} - Share2Care Gateway</title>
<link rel="icon" href="${assetsPath}favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${assetsPath}nhsuk-frontend.css">
<link rel="stylesheet" href="${assetsPath}uplot.css">
${['pages/page.css', ...(styles === undefined ? [] : [styles])].map((one) => `<link rel="stylesheet" href="${assetsPath}${one}">`).join('\n')}
<script type="importmap">${importMap}</script>
<script type="module" src="${assetsPath}${module}"></script>
</head>
<body class="nhsuk-template__body">
<a class="nhsuk-skip-link" href="#main">Skip to main content</a>
<header class="nhsuk-header">
<div class="nhsuk-header__container nhsuk-width-container page-width">
<div class="nhsuk-header__service"><span class="nhsuk-header__service-name">Share2Care Gateway</span></div>
</div>
<nav class="nhsuk-header__navigation" aria-label="Pages">
<div class="nhsuk-header__navigation-container nhsuk-width-container page-width">
<ul class="nhsuk-header__navigation-list">
${pages.map((page) => toLink(page, page.path === path)).join('\n')}
</ul>
</div>
</nav>
</header>
<div class="nhsuk-width-container page-width">
<main class="nhsuk-main-wrapper page-main" id="main">
<h1 class="nhsuk-heading-l">${title}</h1>
<noscript><p>This page needs JavaScript, which it has from this gateway alone.</p></noscript>
${main}
</main>
</div>
</body>
</html>
`
}

function toLink({ path, title }: Page, isCurrent: boolean): string {
  const current = isCurrent ? ' nhsuk-header__navigation-item--current' : ''
  return `<li class="nhsuk-header__navigation-item${current}"><a class="nhsuk-header__navigation-link" href="${path}"${isCurrent ? ' aria-current="page"' : ''}>${title}</a></li>`
}

/** Lets modules in the browser import packages by name, as in the source. */
const importMap = JSON.stringify({ imports: { uplot: `${assetsPath}uplot.js` } })

/**
 * The pages' content security policy (CSP level 3): this gateway only, no frame. The one inline script is the import
 * map.
 */
export const pagePolicy = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${hash('sha256', importMap, 'base64')}'`,
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** A page of the gateway. Its module fetches what it shows, with the token that the user enters. */
export interface Page {
  /** The path, as `/ops`. */
  readonly path: string
  readonly title: string
  /** The HTML of the main part. It is written in this project and never contains a request's text. */
  readonly main: string
  /**
   * The path of the page's module, as `observability/operations-page/browser/operations-page.js`; its folder is
   * served too.
   */
  readonly module: string
  /** A stylesheet in the module's folder. */
  readonly styles?: string
}
