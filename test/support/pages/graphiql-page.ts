import { mkdirSync } from 'node:fs'
import type { Browser, Locator, Page } from 'playwright-core'

/** GraphiQL in a browser, as a person uses it. */
export interface GraphiQLPage {
  readonly page: Page
  /** Addresses outside the gateway that the page asked for, and was refused. */
  readonly refused: readonly string[]
  /** Errors that nobody caught. */
  readonly faults: readonly string[]
  /** Goes to the tab of an operation. */
  show(operation: string): Promise<void>
  /** Changes some of the tab's variables. */
  putVariables(changed: Readonly<Record<string, unknown>>): Promise<void>
  /** Puts this in place of the tab's headers. */
  putHeaders(headers: Readonly<Record<string, string>>): Promise<void>
  /** Runs the tab's operation; resolves with its answer. */
  run(operation: string): Promise<Answer>
  /** Resolves when the page's answer has this text near its top. */
  sees(text: string): Promise<void>
  reload(): Promise<void>
  /** Takes a picture of the page, `.data/graphiql-NAME.png`. */
  picture(name: string): Promise<void>
}

// biome-ignore lint/suspicious/noExplicitAny: an answer of whatever was run
type Answer = any

/** Opens the gateway's GraphiQL with its examples in place and the rest of the network cut off. */
export async function openGraphiQL(browser: Browser, url: string): Promise<GraphiQLPage> {
  const page = await browser.newPage({ viewport: { width: 1500, height: 950 } })
  await page.clock.install()
  const refused: string[] = []
  await page.route('**/*', (route) => {
    if (new URL(route.request().url()).origin === url) return route.continue()
    refused.push(route.request().url())
    return route.abort()
  })
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))

  // GraphiQL puts off what follows from a change: for a tenth of a second which operation there is to run, for half a
  // second what it stores of its tabs, from which a reload restores them. By its clock, that is now.
  const settle = () => page.clock.runFor(1_000)
  const opened = async () => {
    // The editor reads how long typing took, for which a clock that is moved has no entries.
    await page.evaluate(() => Object.assign(performance, { getEntriesByName: () => [{ startTime: 0, duration: 0 }] }))
    await page.locator('.graphiql-query-editor .view-line').first().waitFor()
    await settle()
  }
  const editorOf = async (tool: 'Variables' | 'Headers') => {
    await page.getByRole('button', { name: tool, exact: true }).click()
    const editor = page.getByRole('region', { name: tool }).locator('.graphiql-editor:not(.hidden)')
    await editor.locator('.view-line').first().waitFor()
    // The editor draws its lines in frames of the page's clock, so that a reader before them sees some only.
    await settle()
    return editor
  }
  // Pasted: of what is typed, the editor closes brackets and quotes by itself.
  const replace = async (editor: Locator, value: object) => {
    await editor.locator('.view-lines').click()
    await page.keyboard.press('ControlOrMeta+A')
    await page.evaluate(paste, JSON.stringify(value, null, 2))
    await settle()
  }

  await page.goto(`${url}/graphql`)
  await opened()
  return {
    page,
    refused,
    faults,
    async show(operation) {
      await page.getByRole('tab', { name: operation }).click()
      await page.getByRole('tab', { name: operation, selected: true }).waitFor()
      await page.locator('.graphiql-query-editor').getByText(operation).first().waitFor()
      await settle()
    },
    async putVariables(changed) {
      const editor = await editorOf('Variables')
      await replace(editor, { ...JSON.parse(await textOf(editor)), ...changed })
    },
    putHeaders: async (headers) => replace(await editorOf('Headers'), headers),
    async run(operation) {
      const answered = page.waitForResponse(
        (one) => one.request().method() === 'POST' && one.request().postDataJSON().operationName === operation,
      )
      await page.getByRole('button', { name: /execute query/i }).click()
      return (await answered).json()
    },
    sees: (text) => page.locator('.graphiql-response').getByText(text).first().waitFor(),
    async reload() {
      await page.reload()
      await opened()
    },
    async picture(name) {
      mkdirSync('.data', { recursive: true })
      await page.screenshot({ path: `.data/graphiql-${name}.png` })
    },
  }
}

/** An editor's lines, which are in the page in any order. */
async function textOf(editor: Locator): Promise<string> {
  const lines = await editor.locator('.view-line').evaluateAll((elements) =>
    elements.map((element) => ({
      top: Number.parseInt((element as HTMLElement).style.top, 10),
      text: element.textContent ?? '',
    })),
  )
  return lines
    .sort((a, b) => a.top - b.top)
    .map(({ text }) => text)
    .join('\n')
    .replaceAll('\u00a0', ' ')
}

/** In the page, into what has the focus. */
function paste(text: string): void {
  const clipboardData = new DataTransfer()
  clipboardData.setData('text/plain', text)
  document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
}
