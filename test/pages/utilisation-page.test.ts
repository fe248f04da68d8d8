import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { printReportPage } from '../../gateway/utilisation/print-report-page.ts'
import { findChromium, launchChromium } from '../support/pages/chromium.ts'
import { askReport } from '../support/utilisation/ask-report.ts'
import { makeYear } from '../support/utilisation/raw-year.ts'
import { startRecordedYear } from '../support/utilisation/recorded-year.ts'

describe.skipIf(!findChromium())('the utilisation report, with the network cut off', () => {
  const pictures = process.env.PICTURES ?? mkdtempSync(join(tmpdir(), 'utilisation-'))
  let system: Awaited<ReturnType<typeof startRecordedYear>>
  let browser: Browser
  beforeAll(async () => {
    system = await startRecordedYear(makeYear({ untilMs: Date.now(), looks: 6000, documents: 600 }))
    browser = await launchChromium()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await system?.[Symbol.asyncDispose]()
  })

  /** A page that reaches nothing but what it is told, and what it asked for beyond that, or could not do. */
  const open = async (url: string, colorScheme: 'light' | 'dark' = 'light') => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme })
    const faults: string[] = []
    await page.route('**/*', (route) => {
      if (
        route
          .request()
          .url()
          .startsWith(new URL(url).protocol === 'file:' ? url : new URL(url).origin)
      )
        return route.continue()
      faults.push(route.request().url())
      return route.abort()
    })
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
    await page.goto(url)
    return { page, faults }
  }
  const signIn = async (page: Page, scope: string) => {
    await page.getByLabel('Access token').fill(await system.token({ scope }))
    await page.getByRole('button', { name: 'Sign in' }).click()
  }

  test.each(['light', 'dark'] as const)(
    'is shown to a token of the scope, charts and tables, in %s',
    async (colorScheme) => {
      const { page, faults } = await open(`${system.address}/utilisation`, colorScheme)
      await signIn(page, 'reports')
      const report = await askReport(system, system.address, null)
      await page.getByRole('heading', { name: new RegExp(`^Week ${report.week}, Mon`) }).waitFor()
      expect(
        await page
          .getByRole('img', { name: /^(Views|Documents published), (e-Xchange|LPRES), by (week|month)\. (12 of )?13 / })
          .count(),
      ).toBe(8)
      const views = report.regions.map((one) => one.views?.toLocaleString('en-GB'))
      expect(
        await page
          .getByRole('row', { name: /^Views [\d,]/ })
          .getByRole('cell')
          .allTextContents(),
      ).toEqual(views)
      expect(await page.getByRole('table', { name: 'Figures of the programme, as printed' }).textContent()).toContain(
        '1,996,196153,553',
      )
      await page.screenshot({ path: join(pictures, `utilisation-${colorScheme}.png`), fullPage: true })
      expect(faults).toEqual([])
      // Kept nowhere: not in storage, and gone when the page is loaded again.
      expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([
        0,
        0,
        '',
      ])
      await page.close()
    },
  )

  test('says what is wrong with a week, and with a token', async () => {
    const { page } = await open(`${system.address}/utilisation`)
    await signIn(page, 'reports')
    await page.getByLabel('Week', { exact: true }).fill('2025-W53')
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByText('found a week that its year does not have.').waitFor()
    expect(await page.getByRole('table').count()).toBe(0)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await signIn(page, 'operations')
    await page.getByText('it lacks the scope reports.').waitFor()
    // Signed out: what is not good here is not kept.
    await page.getByLabel('Access token').waitFor()
    expect(await page.getByRole('button', { name: 'Show' }).count()).toBe(0)
    await page.close()
  })

  test('stands by itself as a file, and prints', async () => {
    const file = join(pictures, 'utilisation.html')
    writeFileSync(file, printReportPage(await askReport(system, system.address, null)))
    const { page, faults } = await open(pathToFileURL(file).href)
    expect(await page.getByRole('img').count()).toBe(8)
    await page.screenshot({ path: join(pictures, 'utilisation-file.png'), fullPage: true })
    await page.emulateMedia({ media: 'print' })
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000)
    expect(faults).toEqual([])
    await page.close()
  })
})
