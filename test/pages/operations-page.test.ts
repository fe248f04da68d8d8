import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type FaultySystem, startFaultySystem } from '../support/faults/faulty-system.ts'
import { findChromium, launchChromium } from '../support/pages/chromium.ts'
import { type OperationsPage, openOperations } from '../support/pages/operations-page.ts'
import { publishedOperation } from '../support/published-operation.ts'

const slug = 'lancashire-south-cumbria'

describe.skipIf(!findChromium())('the operations page, with the network cut off', () => {
  const pictures = process.env.PICTURES ?? mkdtempSync(join(tmpdir(), 'operations-'))
  let faulty: FaultySystem
  let browser: Browser
  /** Moved on, it ends a suspension. */
  let passedMs = 0
  beforeAll(async () => {
    const resilience = { retries: 0, pauseMs: 0, failuresInRow: 3, suspendMs: 60_000, longestRetryAfterMs: 0 } as const
    faulty = await startFaultySystem({
      cacheBytes: 1024 * 1024,
      clock: () => performance.now() + passedMs,
      settings: { [slug]: { resilience } },
    })
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await faulty?.[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    await faulty.regions[slug].heal()
    passedMs += 60_000
  })
  const tokenOf = (scope: string) => faulty.system.token({ scope })
  const open = (options = {}) => openOperations(browser, faulty.url, { pictures, ...options })

  test('names the region that is slow while requests wait for it, and suspended when it fails', async () => {
    const { page, ...operations } = await open()
    await operations.signIn(await tokenOf('operations'))
    await operations.says('Nothing is amiss')
    const lpres = faulty.regions[slug]
    lpres.inject(({ response, storesAnswer }) => {
      const timer = setTimeout(
        async () => response.writeHead(200, { 'content-type': 'application/json' }).end(await storesAnswer()),
        900,
      )
      response.on('close', () => clearTimeout(timer))
    })
    await load(faulty, 3)
    await operations.says(/^LPRES is slow: p95 [\d.]+ m?s; e-Xchange [\d.]+ m?s\.$/)
    // What is seen first may have been made while the last of them were asked.
    await operations.looksAgain()
    const aloud = await page.getByRole('status').textContent()
    expect(aloud).toContain('LPRES is slow')
    const row = page.getByRole('row', { name: /^LPRES Slow/ })
    await row.waitFor()
    // Where the time went, of the slowest.
    await page
      .getByRole('table', { name: /^Where the time went/ })
      .getByText(/^(9\d\d ms|\d\.\d+ s), answered$/)
      .first()
      .waitFor()
    await operations.picture('slow')
    // What moves is not told aloud again, and moves nothing else.
    const height = await page.evaluate(() => document.body.scrollHeight)
    await load(faulty, 1)
    await operations.looksAgain()
    expect([
      await page.getByRole('status').textContent(),
      await page.evaluate(() => document.body.scrollHeight),
    ]).toEqual([aloud, height])

    await lpres.refuseConnections()
    await load(faulty, 2)
    await operations.says(/^LPRES is suspended, because it failed again and again/)
    await operations.picture('suspended')
    expect([operations.faults, operations.refused]).toEqual([[], []])
  }, 120_000)

  test('shows nothing without the scope, and keeps the token nowhere', async () => {
    const { page, ...operations } = await open()
    await operations.signIn(await tokenOf('publish'))
    await page.getByText('lacks the scope operations').waitFor()
    expect(await page.getByRole('table').count()).toBe(0)
    await operations.signIn('two words')
    await page.getByText('Enter an access token').waitFor()

    const token = await tokenOf('operations')
    await operations.signIn(token)
    await operations.says(/./)
    const kept = await page.evaluate(() =>
      [
        location.href,
        document.cookie,
        JSON.stringify(localStorage),
        JSON.stringify(sessionStorage),
        document.documentElement.outerHTML,
      ].join(),
    )
    expect(kept).not.toContain(token.slice(-20))
    await page.getByRole('button', { name: 'Sign out' }).click()
    expect(await page.getByRole('table').count()).toBe(0)
    await operations.signIn(token)
    await operations.says(/./)
    await page.reload()
    await page.getByLabel('Access token').waitFor()
    expect(await page.getByRole('table').count()).toBe(0)
    // The refusal is told by the browser as an error of the page.
    expect(operations.refused).toEqual([])
  }, 120_000)

  test('says of when its figures are, while the gateway does not answer', async () => {
    const { page, ...operations } = await open()
    await operations.signIn(await tokenOf('operations'))
    await operations.says(/./)
    const figures = '**/ops/figures'
    await page.route(figures, (route) => route.abort())
    await page
      .getByRole('alert')
      .getByText(/^The gateway does not answer. What is shown here is of \d\d:\d\d:\d\d\.$/)
      .waitFor()
    await page.unroute(figures)
    await page.getByRole('alert').getByText('The gateway does not answer').waitFor({ state: 'detached' })
    await operations.looksAgain()
  }, 120_000)

  test.each<[string, Parameters<typeof openOperations>[2]]>([
    ['light-1280', { pictures, width: 1280, colorScheme: 'light' }],
    ['dark-1280', { pictures, width: 1280, colorScheme: 'dark' }],
    ['light-400', { pictures, width: 400, colorScheme: 'light' }],
    ['dark-400', { pictures, width: 400, colorScheme: 'dark' }],
  ])(
    'is read and operated by keyboard, and no wider than its window: %s',
    async (name, options) => {
      const { page, ...operations } = await open(options)
      await operations.picture(`${name}-sign-in`)
      await page.keyboard.press('Tab')
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to main content')
      await operations.signInByKeyboard(await tokenOf('operations'))
      await operations.says(/./)
      await load(faulty, 1)
      await page
        .getByRole('table', { name: /^By operation/ })
        .getByRole('row')
        .nth(1)
        .waitFor()
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      ).toBeLessThanOrEqual(0)
      const details = page.locator('summary').first()
      await details.focus()
      await page.keyboard.press('Enter')
      await page
        .getByRole('table', { name: /^Time in the gateway beside time in regions/ })
        .getByRole('row')
        .nth(1)
        .waitFor()
      expect(await tablesWithoutHeads(page)).toEqual([])
      await operations.picture(name)
      expect([operations.faults, operations.refused]).toEqual([[], []])
    },
    120_000,
  )
})

const look =
  '{ patient(nhsNumber: "9990000018", noCache: true) { completeness { complete } allergies { nodes { id } } } }'
const published = publishedOperation('patient-summary')

/** Rounds of views beside each other, of which one may come from the cache; each is over before the next begins. */
async function load(faulty: FaultySystem, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++)
    await Promise.all([
      faulty.ask(published, { nhsNumber: '9990000018' }),
      ...Array.from({ length: 8 }, () => faulty.ask(look)),
    ])
}

/** The captions of tables, but those within a chart, of which a row or a column has no head that says what it is. */
function tablesWithoutHeads(page: OperationsPage['page']): Promise<readonly (string | null)[]> {
  return page.evaluate(() => {
    const hasHeads = ({ caption, tHead, tBodies }: HTMLTableElement) =>
      caption?.textContent &&
      [...(tHead?.rows ?? [])].at(-1)?.matches(':not(:has(> :not(th[scope=col])))') &&
      [...(tBodies[0]?.rows ?? [])].every(({ cells: [head] }) => head?.matches('th[scope=row]'))
    const tables = [...document.querySelectorAll<HTMLTableElement>('table:not([role=img] *)')]
    return tables.filter((table) => !hasHeads(table)).map(({ caption }) => caption?.textContent ?? null)
  })
}
