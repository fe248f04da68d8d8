import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readEvents } from '../support/audit/read-events.ts'
import {
  canary,
  delayReply,
  type Fault,
  listFaults,
  type RedirectTarget,
  startRedirectTarget,
  stranger,
  wrongBirthDate,
} from '../support/faults/faults.ts'
import { type FaultySystem, slugs, startFaultySystem } from '../support/faults/faulty-system.ts'
import type { Slug } from '../support/system.ts'

/** Mr Yusuf Osman, of whom both regions hold much. */
const osman = { n: '9990000425', birthDate: '1957-01-09' }
const codes: Readonly<Record<Slug, string>> = {
  'cheshire-merseyside': 'CHESHIRE_MERSEYSIDE',
  'lancashire-south-cumbria': 'LANCASHIRE_SOUTH_CUMBRIA',
}
const names: Readonly<Record<Slug, string>> = {
  'cheshire-merseyside': 'e-Xchange',
  'lancashire-south-cumbria': 'LPRES',
}
const sections = ['allergies', 'problems', 'medications', 'encounters', 'results', 'documents'] as const

const query = `query Look($n: NHSNumber!, $birthDate: PartialDateTime!, $regions: [RegionCode!]) { patient(nhsNumber: $n, birthDate: $birthDate, regions: $regions) {
  presence demographics { name { full } birthDate sources { region } }
  completeness { complete message regions { region { code } status message asOf latencyMs } }
  ${sections.map((section) => `${section} { complete message answers { region answer } nodes { id sources { region } } }`).join('\n  ')} } }`

/** e-Xchange's time where it is to be late: short to wait for. */
const hastyMs = 250
/** What a busy machine may add. */
const slackMs = 1500

let faulty: FaultySystem
/** A gateway that has no patience with e-Xchange. */
let hasty: FaultySystem['ask']
let elsewhere: RedirectTarget
let token: string
let skippedMs = 0
beforeAll(async () => {
  elsewhere = await startRedirectTarget()
  const clock = () => performance.now() + skippedMs
  faulty = await startFaultySystem({ clock })
  hasty = await faulty.another({ clock, settings: { [slugs[0]]: { timeMs: hastyMs } } })
  token = await faulty.system.token()
})
afterAll(async () => {
  await faulty[Symbol.asyncDispose]()
  await elsewhere[Symbol.asyncDispose]()
})

const look = async (regions: readonly string[] | null = null, ask = faulty.ask) => {
  const begunAtMs = performance.now()
  const { data, errors, text } = await ask(query, { ...osman, regions }, token)
  expect(errors).toEqual([])
  return { patient: data.patient, text, tookMs: performance.now() - begunAtMs }
}
const nodesOf = (patient: Readonly<Record<string, { readonly nodes: unknown }>>) =>
  sections.map((section) => patient[section]?.nodes)
// biome-ignore lint/suspicious/noExplicitAny: an answer of the query above
const regionOf = (patient: any, slug: Slug) =>
  patient.completeness.regions.find(({ region }: { region: { code: string } }) => region.code === codes[slug])
/** Nothing that a fault says, and nothing of whom it speaks. */
const expectNoLeak = (text: string) => {
  for (const secret of [canary, stranger.nhsNumber, stranger.name, wrongBirthDate]) expect(text).not.toContain(secret)
}

beforeEach(async () => {
  for (const region of Object.values(faulty.regions)) await region.heal()
  skippedMs += 120_000
  const { patient } = await look()
  expect(patient.completeness).toMatchObject({
    complete: true,
    regions: [{ status: 'ANSWERED' }, { status: 'ANSWERED' }],
  })
})

// That LPRES may be, too, is in timeline.test.ts.
describe('e-Xchange is faulty', () => {
  const [slug, other] = slugs

  test.each(listFaults({ url: 'http://127.0.0.1' }).map(({ name }) => name))(
    'the view shows the other region in time and says what is missing while e-Xchange is faulty by %s',
    async (name) => {
      const fault = faultNamed(name)
      const alone = await look([codes[other]])
      const region = faulty.regions[slug]
      const before = region.calls
      await fault.inject(region)
      const isLate = fault.status === 'TIMED_OUT'
      const { patient, text, tookMs } = await look(null, isLate ? hasty : faulty.ask)

      const [here, there] = [regionOf(patient, slug), regionOf(patient, other)]
      expect([here.status, there.status]).toEqual([fault.status, 'ANSWERED'])
      if (isLate) expect(here.latencyMs).toBeGreaterThanOrEqual(hastyMs - 1)
      expect(here.latencyMs).toBeLessThan(hastyMs + slackMs)
      expect(tookMs).toBeLessThan(hastyMs + slackMs)
      if (fault.calls !== null) expect(region.calls - before).toBe(fault.calls)
      expectNoLeak(text)
      if (fault.status === 'ANSWERED') return
      expect(patient).toMatchObject({ presence: 'FOUND', completeness: { complete: false } })
      expect(patient.completeness.message).toContain(here.message)
      expect(here.message).toContain(names[slug])
      expect(here.asOf).toBeNull()
      expect(patient.demographics).toEqual(alone.patient.demographics)
      expect(nodesOf(patient)).toEqual(nodesOf(alone.patient))
      for (const section of sections) {
        expect(patient[section].complete).toBe(false)
        expect(patient[section].message).toContain(here.message)
        expect(patient[section].answers).toContainEqual({ region: codes[slug], answer: 'NOT_RETRIEVED' })
      }
      expect(patient.allergies.message).not.toMatch(/(^|\. )No (known )?allergies/)
    },
  )

  test('the view shows a randomly slow region whole or as TIMED_OUT, and says which', async () => {
    const delays = [0, 2, 0.2]
    const statuses: string[] = []
    for (const delay of delays) {
      faulty.regions[slug].inject(delayReply(delay * hastyMs))
      const { patient, tookMs } = await look(null, hasty)
      const { status } = regionOf(patient, slug)
      statuses.push(status)
      expect(regionOf(patient, other).status).toBe('ANSWERED')
      expect(patient.completeness.complete).toBe(status === 'ANSWERED')
      expect(tookMs).toBeLessThan(hastyMs + slackMs)
    }
    expect(statuses).toEqual(['ANSWERED', 'TIMED_OUT', 'ANSWERED'])
  })
})

test('the view names both regions when each is faulty in its own way, and has no error', async () => {
  await faultNamed('HTML').inject(faulty.regions[slugs[1]])
  await faultNamed('a black hole').inject(faulty.regions[slugs[0]])
  const { patient, text } = await look(null, hasty)
  expect(patient).toMatchObject({
    presence: 'UNDETERMINED',
    demographics: null,
    completeness: { complete: false, regions: [{ status: 'TIMED_OUT' }, { status: 'FAILED' }] },
  })
  expect(nodesOf(patient)).toEqual(sections.map(() => []))
  expectNoLeak(text)
})

test('the gateway follows no redirect, and no log line or audit event contains what a faulty region said', async () => {
  await faultNamed('a redirect').inject(faulty.regions[slugs[0]])
  await look()
  expect(elsewhere.visitors).toBe(0)
  expectNoLeak(faulty.logged.join('\n'))
  expectNoLeak(JSON.stringify(await readEvents(faulty.system, 'VIEW')))
})

function faultNamed(name: string): Fault {
  const fault = listFaults(elsewhere).find((one) => one.name === name)
  if (!fault) throw new Error(`No fault ${name}`)
  return fault
}
