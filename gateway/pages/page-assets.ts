import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname } from 'node:path'
import type { Page } from './render-page.ts'

export interface PageAsset {
  readonly type: string
  readonly text: string
}

/**
 * Loads the pages' scripts and styles, by the parameter of their route: from packages, from this folder and from each
 * page's module folder.
 */
export function loadPageAssets(pages: readonly Page[]): ReadonlyMap<string, PageAsset> {
  const folders = new Set(['pages/browser', ...pages.map(({ module }) => dirname(module))])
  const modules = [...folders].flatMap((folder) =>
    readdirSync(new URL(folder, gatewayFolder)).map((name) => `${folder}/${name}`),
  )
  const projectAssets = ['pages/page.css', ...modules].map((path): [string, string] => [
    path,
    readFileSync(new URL(path, gatewayFolder), 'utf8'),
  ])
  const texts: readonly (readonly [string, string])[] = [
    ['nhsuk-frontend.css', withoutRemoteFonts(readPackage('nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.css'))],
    ['favicon.svg', readPackage('nhsuk-frontend/dist/nhsuk/assets/images/favicon.svg')],
    ['uplot.js', readPackage('uplot/dist/uPlot.esm.js')],
    ['uplot.css', readPackage('uplot/dist/uPlot.min.css')],
    ...projectAssets,
  ]
  return new Map(texts.map(([path, text]) => [path, { type: toMediaType(path), text }]))
}

const gatewayFolder = new URL('../', import.meta.url)
const { resolve } = createRequire(import.meta.url)

function readPackage(path: string): string {
  return readFileSync(resolve(path), 'utf8')
}

/** Removes the fonts that the stylesheet would fetch from another site; its rules name Arial as well. */
function withoutRemoteFonts(css: string): string {
  return css.replace(/@font-face\{[^}]*\}/g, '').replace(/\/\*# sourceMappingURL=.*\*\//, '')
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

function toMediaType(path: string): string {
  return `${mediaTypes[extname(path)] ?? 'text/plain'}; charset=utf-8`
}
