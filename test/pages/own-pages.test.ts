import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type System, startSystem } from '../support/system.ts'

describe("the gateway's own pages", () => {
  let system: System
  beforeAll(async () => {
    system = await startSystem()
  })
  afterAll(() => system[Symbol.asyncDispose]())

  const get = (path: string, init: RequestInit = {}) => fetch(`${system.url}${path}`, init)
  /** What the page is made of: what it names, and what that imports. */
  const loadParts = async () => {
    const html = await (await get('/ops')).text()
    const found = new Map<string, string>()
    const waiting = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path)
    waiting.push(
      ...Object.values(
        (
          JSON.parse(/<script type="importmap">(.*?)<\/script>/.exec(html)?.[1] ?? '') as {
            imports: Record<string, string>
          }
        ).imports,
      ),
    )
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (found.has(path)) continue
      const response = await get(path)
      expect([path, response.status, response.headers.get('content-type')]).toEqual([
        path,
        200,
        expect.stringMatching(/^(text\/(css|javascript)|image\/svg\+xml); charset=utf-8$/),
      ])
      const text = await response.text()
      found.set(path, text)
      if (!path.endsWith('uplot.js'))
        waiting.push(
          ...[...text.matchAll(/^import .* from '(\.[^']+)'/gm)].map(
            ([, to = '']) => new URL(to, `http://gateway${path}`).pathname,
          ),
        )
    }
    return { html, found }
  }

  test('are whole without another site', async () => {
    const { html, found } = await loadParts()
    expect(found.size).toBeGreaterThan(12)
    const addresses = [html, ...found.values()].flatMap(
      (text) => text.match(/(?:url\(|src="|href="|from '|import\(')\s*["']?(?:https?:)?\/\/[^\s)"']+/g) ?? [],
    )
    expect(addresses).toEqual([])
    expect(found.get('/assets/nhsuk-frontend.css')).toContain('.nhsuk-table')
  })

  test('may load and ask nothing but this gateway, run no script that is not its own, and be in no frame', async () => {
    const { headers } = await get('/ops')
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'self' 'sha256-[^']+'; style-src 'self';.*form-action 'none'; frame-ancestors 'none'$/,
    )
    expect(policy).not.toMatch(/https?:|\*|unsafe/)
    expect([
      headers.get('cache-control'),
      headers.get('x-content-type-options'),
      headers.get('referrer-policy'),
    ]).toEqual(['no-store', 'nosniff', 'no-referrer'])
  })

  test('say nothing of the service to who has no token', async () => {
    const { html, found } = await loadParts()
    expect([html, ...found.values()].join()).not.toMatch(/e-Xchange|127\.0\.0\.1|\b999\d{7}\b/)
  })

  test.each([
    '/assets/',
    '/assets/../gateway.ts',
    '/assets/%2e%2e/package.json',
    '/assets/observability/operations-page/operations-monitor.ts',
    '/assets/pages/README.md',
    '/ops/',
    '/opsx',
  ])('nothing is at %s', async (path) => {
    const response = await get(path)
    await response.arrayBuffer()
    expect(response.status).toBe(404)
  })

  test('are read alone', async () => {
    const response = await get('/ops', { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } })
    expect([response.status, response.headers.get('allow'), await response.text()]).toEqual([
      405,
      'GET, HEAD',
      expect.stringContaining('METHOD_NOT_ALLOWED'),
    ])
  })
})
