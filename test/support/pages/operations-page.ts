/// <reference lib="dom" />
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'

/** The operations page in a browser that reaches the gateway alone. */
export interface OperationsPage {
  readonly page: Page
  /** Addresses beyond the gateway that the page asked for. */
  readonly refused: readonly string[]
  /** Errors of the page, and what its policy kept it from. */
  readonly faults: readonly string[]
  signIn(token: string): Promise<void>
  /** From the skip link on, without a pointer. */
  signInByKeyboard(token: string): Promise<void>
  /** Resolves when one of the notices at the top is this. */
  says(text: string | RegExp): Promise<void>
  /** Resolves when the page shows figures of a later moment. */
  looksAgain(): Promise<void>
  /** Takes a picture of the whole page, in the folder of pictures. */
  picture(name: string): Promise<void>
}

export interface OperationsPageOptions {
  readonly pictures: string
  /** In pixels. @default 1280 */
  readonly width?: number
  /** @default light */
  readonly colorScheme?: 'light' | 'dark'
}

export async function openOperations(
  browser: Browser,
  url: string,
  { pictures, width = 1280, colorScheme = 'light' }: OperationsPageOptions,
): Promise<OperationsPage> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
  const refused: string[] = []
  await page.route('**/*', (route) => {
    if (new URL(route.request().url()).origin === url) return route.continue()
    refused.push(route.request().url())
    return route.abort()
  })
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  await page.goto(`${url}/ops`)
  const field = page.getByLabel('Access token')
  await field.waitFor()
  return {
    page,
    refused,
    faults,
    async signIn(token) {
      await field.fill(token)
      await page.getByRole('button', { name: 'Sign in' }).click()
    },
    async signInByKeyboard(token) {
      while (!(await field.evaluate((element) => element === document.activeElement))) await page.keyboard.press('Tab')
      await page.keyboard.insertText(token)
      await page.keyboard.press('Enter')
    },
    says: (text) => page.locator('#notices').getByText(text).first().waitFor(),
    async looksAgain() {
      const before = await page.locator('#as-of').textContent()
      await page.waitForFunction((text) => document.getElementById('as-of')?.textContent !== text, before)
    },
    async picture(name) {
      await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
    },
  }
}
