import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium, launchChromium } from '../support/pages/chromium.ts'
import { openGraphiQL } from '../support/pages/graphiql-page.ts'
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

  test('opens with a token and examples in place, runs each of them, and again after a reload', async () => {
    const graphiql = await openGraphiQL(browser, system.url)
    const { page } = graphiql
    await graphiql.run('PatientSummary')
    await graphiql.sees('e-Xchange and LPRES answered')
    const names = publishedOperationNames()
    expect(names.length).toBeGreaterThan(15)
    // Once more what the tab before it took back.
    for (const name of [...names, 'RecordPermission']) {
      await graphiql.show(name)
      const { data, errors } = await graphiql.run(name)
      expect([data === null, errors], name).toEqual([false, undefined])
    }
    await graphiql.show('PatientSummary')
    await page.getByRole('button', { name: /show documentation explorer/i }).click()
    await page.getByText('A GraphQL schema provides a root type').waitFor()
    await graphiql.picture('documentation')

    await graphiql.reload()
    await page.getByRole('tab', { name: 'PatientSummary', selected: true }).waitFor()
    await graphiql.run('PatientSummary')
    await graphiql.sees('e-Xchange and LPRES answered')
    expect(page.url()).toBe(`${system.url}/graphql`)
    expect([graphiql.faults, graphiql.refused]).toEqual([[], []])
  }, 120_000)
})
