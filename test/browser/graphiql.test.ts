import { mkdirSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium, launchChromium } from '../support/chromium.ts'
import { publishedOperationNames } from '../support/published-operation.ts'
import { type System, startSystem } from '../support/system.ts'

describe.skipIf(!findChromium())('GraphiQL, with the network cut off', () => {
  let system: System
  let browser: Browser
  beforeAll(async () => {
    system = await startSystem({ people: true, graphiql: true })
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await system?.[Symbol.asyncDispose]()
  })

  test('opens with a token and examples in place, runs one, and again after a reload', async () => {
    const page = await browser.newPage({ viewport: { width: 1500, height: 950 } })
    const refused: string[] = []
    await page.route('**/*', (route) => {
      if (new URL(route.request().url()).origin === system.url) return route.continue()
      refused.push(route.request().url())
      return route.abort()
    })
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(error.message))
    const run = async () => {
      await page.getByRole('button', { name: /execute query/i }).click()
      await page.locator('.graphiql-response').getByText('e-Xchange and LPRES answered').first().waitFor()
    }

    // GraphiQL learns a moment after the tab which operation is in it, and refuses to run another: so until it answers.
    const answered = async () => {
      const data = page.locator('.graphiql-response').getByText('"data"').first()
      for (let tries = 0; tries < 20; tries++) {
        await page.getByRole('button', { name: /execute query/i }).click()
        const found = await data.waitFor({ timeout: 1_500 }).then(
          () => true,
          () => false,
        )
        if (found) return
      }
      throw new Error('GraphiQL never answered')
    }

    await page.goto(`${system.url}/graphql`)
    await run()
    const names = publishedOperationNames()
    expect(names.length).toBeGreaterThan(15)
    // Once more what the tab before it took back.
    for (const name of [...names, 'RecordPermission']) {
      await page.getByRole('tab', { name }).click()
      await page.getByRole('tab', { name, selected: true }).waitFor()
      await page.locator('.graphiql-query-editor').getByText(name).first().waitFor()
      await answered()
      expect(await page.locator('.graphiql-response').getByText('"errors"').count(), name).toBe(0)
    }
    await page.getByRole('tab', { name: 'PatientSummary' }).click()
    await page.getByRole('button', { name: /show documentation explorer/i }).click()
    await page.getByText('A GraphQL schema provides a root type').waitFor()
    mkdirSync('.data', { recursive: true })
    await page.screenshot({ path: '.data/graphiql.png' })

    await page.reload()
    await run()
    expect(page.url()).toBe(`${system.url}/graphql`)
    expect(faults).toEqual([])
    expect(refused).toEqual([])
  })
})
