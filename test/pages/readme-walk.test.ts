import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium, launchChromium } from '../support/pages/chromium.ts'
import { type GraphiQLPage, openGraphiQL } from '../support/pages/graphiql-page.ts'
import { type System, startSystem } from '../support/system.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const [, walk = ''] = readme.split('## Permission, refusal, break glass and review')
const [, permission = '', refusal = '', brokenGlass = '', review = ''] = walk.split('## ')[0]?.split(/^\d\. /m) ?? []
const numberIn = (step: string) => /\d{10}/.exec(step)?.[0] ?? expect.fail(`no number in: ${step}`)

// biome-ignore lint/suspicious/noExplicitAny: an answer of PatientSummary
const statuses = ({ data }: any) => data.patient.completeness.regions.map(({ status }: { status: string }) => status)
// biome-ignore lint/suspicious/noExplicitAny: an answer of PatientSummary
const decisions = ({ data }: any) =>
  data.patient.completeness.regions.map(({ decision }: { decision: unknown }) => decision)

describe.skipIf(!findChromium())("the README's walk in GraphiQL", () => {
  let system: System
  let browser: Browser
  let graphiql: GraphiQLPage
  beforeAll(async () => {
    system = await startSystem({ people: true, graphiql: true })
    browser = await launchChromium()
    graphiql = await openGraphiQL(browser, system.url)
  })
  afterAll(async () => {
    await browser?.close()
    await system?.[Symbol.asyncDispose]()
  })

  const ask = async (operation: string, variables: Readonly<Record<string, unknown>> = {}) => {
    await graphiql.show(operation)
    if (Object.keys(variables).length > 0) await graphiql.putVariables(variables)
    return graphiql.run(operation)
  }

  test('permission, refusal, break glass and review', async () => {
    const asking = { nhsNumber: numberIn(permission) }
    expect(statuses(await ask('PatientSummary', asking))).toEqual(['PERMISSION_REQUIRED', 'ANSWERED'])
    await graphiql.sees("e-Xchange asks for the patient's permission to view")
    await graphiql.picture('1-permission-required')
    expect((await ask('RecordPermission', asking)).data.recordPermission).toMatchObject({
      status: 'DONE',
      region: { applicationName: 'e-Xchange' },
    })
    await graphiql.sees('"recordPermission"')
    await graphiql.picture('2-permission-recorded')
    expect(statuses(await ask('PatientSummary'))).toEqual(['ANSWERED', 'ANSWERED'])
    await graphiql.sees('Complete: e-Xchange and LPRES answered.')
    await graphiql.picture('3-permitted')
    expect((await ask('WithdrawPermission', asking)).data.withdrawPermission.status).toBe('DONE')
    expect(statuses(await ask('PatientSummary'))).toEqual(['PERMISSION_REQUIRED', 'ANSWERED'])

    const refused = await ask('PatientSummary', { nhsNumber: numberIn(refusal) })
    expect(statuses(refused)).toEqual(['REFUSED', 'REFUSED'])
    expect(decisions(refused)).toMatchObject([
      { breakGlass: [{ reasons: ['VITAL_INTERESTS', 'STATUTE', 'COURT_ORDER'] }] },
      { breakGlass: [{ reasons: ['EMERGENCY'] }] },
    ])
    await graphiql.sees('The patient has opted out of sharing what e-Xchange holds')
    await graphiql.picture('4-refused')

    const unconscious = { nhsNumber: numberIn(brokenGlass) }
    expect(statuses(await ask('PatientSummary', unconscious))).toEqual(['PERMISSION_REQUIRED', 'ANSWERED'])
    const [, barrier] = /`("barrier": "\w+")`/.exec(brokenGlass) ?? expect.fail('no barrier')
    const { status, grant } = (await ask('BreakGlass', { ...unconscious, ...JSON.parse(`{${barrier}}`) })).data
      .breakGlass
    expect(status).toBe('DONE')
    await graphiql.sees('The glass is broken at e-Xchange')
    await graphiql.picture('5-glass-broken')
    const seen = await ask('PatientSummary', unconscious)
    expect(decisions(seen)).toMatchObject([
      { code: 'OVERRIDDEN', grant },
      { code: 'PERMITTED', grant: null },
    ])
    await graphiql.sees("e-Xchange's part is shown because the glass was broken; this is reviewed.")
    await graphiql.picture('6-overridden')

    // With the token that stands in the tab's headers, and after a reload without it.
    expect((await ask('OpenReviews')).data.openReviews.nodes.map((one: { grant: string }) => one.grant)).toContain(
      grant,
    )
    await graphiql.sees('"openCount"')
    await graphiql.picture('7-open-reviews')
    await graphiql.reload()
    expect((await ask('OpenReviews')).errors[0].extensions.code).toBe('FORBIDDEN')
    await graphiql.sees('FORBIDDEN')
    await graphiql.picture('8-not-for-clinicians')
    await graphiql.putHeaders(await officersHeaders())
    expect((await graphiql.run('OpenReviews')).data.openReviews.openCount).toBeGreaterThan(0)
    await graphiql.sees('"openCount"')
    await graphiql.picture('9-as-an-officer')
    await graphiql.show('ReviewOverride')
    await graphiql.putHeaders(await officersHeaders())
    expect((await ask('ReviewOverride', { grant })).data.reviewOverride).toMatchObject({
      status: 'DONE',
      review: { grant, outcome: 'JUSTIFIED' },
    })
    await graphiql.sees('The review is done.')
    await graphiql.picture('10-reviewed')
    expect([graphiql.faults, graphiql.refused]).toEqual([[], []])
  }, 120_000)

  /** As the README writes them, with a token for the options that it gives. */
  async function officersHeaders(): Promise<Record<string, string>> {
    const options = Object.fromEntries([...review.matchAll(/--(\w+) (\w+)/g)].map(([, name, value]) => [name, value]))
    expect(Object.keys(options)).toEqual(['role', 'organisation', 'person'])
    const [, headers = ''] = /`(\{ "authorization".+\})`/.exec(review) ?? []
    return JSON.parse(headers.replace('TOKEN', await system.token(options)))
  }
})
