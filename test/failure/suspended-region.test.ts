import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readEvents } from '../support/audit/read-events.ts'
import { consultant } from '../support/consent/broken-glass.ts'
import { type Fault, listFaults } from '../support/faults/faults.ts'
import type { FaultAction } from '../support/faults/faulty-region.ts'
import { type FaultyGatewayOptions, type FaultySystem, startFaultySystem } from '../support/faults/faulty-system.ts'
import { publishedOperation } from '../support/published-operation.ts'

const slug = 'lancashire-south-cumbria'
const resilience = { retries: 1, pauseMs: 0, failuresInRow: 3, suspendMs: 5000, longestRetryAfterMs: 60_000 } as const
// No request shares another's call.
const look =
  '{ patient(nhsNumber: "9990000018", noCache: true) { completeness { complete message regions { status latencyMs } } allergies { nodes { id } } } }'

let faulty: FaultySystem
let ask: FaultySystem['ask']
/** The gateway's date, to the second. It stands still for a test. */
let startMs: number
/** What its clock has moved since it began. */
let passedMs = 0
beforeAll(async () => {
  faulty = await startFaultySystem(options(2000))
  ask = faulty.ask
})
afterAll(() => faulty[Symbol.asyncDispose]())
beforeEach(async () => {
  startMs = Math.floor(Date.now() / 1000) * 1000
  await faulty.regions[slug].heal()
  passedMs += 100_000
  expect(await statusOf()).toEqual(['ANSWERED', 1])
})

function options(timeMs: number): FaultyGatewayOptions {
  return { settings: { [slug]: { timeMs, resilience } }, clock: () => passedMs, now: () => startMs }
}
/** LPRES's status and how often it was called for it. */
async function statusOf(ask = faulty.ask) {
  const before = faulty.regions[slug].calls
  const { data, errors } = await ask(look)
  expect(errors).toEqual([])
  const [other, { status }] = data.patient.completeness.regions
  expect(other.status).toBe('ANSWERED')
  expect(data.patient.allergies.nodes.length).toBeGreaterThan(0)
  return [status, faulty.regions[slug].calls - before]
}
async function healthOf(token?: string) {
  return (await ask('{ regions { health { available suspendedUntil } } }', {}, token)).data.regions[1].health
}
/** Lets a second viewer's call fail too: the gateway then asks the region itself, and suspends it for all. */
async function failForAnother() {
  const [second, third] = await Promise.all(['902', '903'].map((person) => faulty.system.token({ person })))
  expect((await ask(look, {}, second)).data.patient.completeness.regions[1].status).toBe('FAILED')
  await expect.poll(async () => (await healthOf(third)).suspendedUntil).not.toBeNull()
}
function answers(status: number, headers: Readonly<Record<string, string>> = {}): FaultAction {
  return ({ response }) => void response.writeHead(status, headers).end()
}
function faultNamed(name: string): Fault {
  const fault = listFaults({ url: 'http://127.0.0.1:9' }).find((one) => one.name === name)
  if (!fault) throw new Error(`No fault ${name}`)
  return fault
}

describe('a region that fails again and again', () => {
  test.each([
    ['HTTP 500', 'FAILED', 2],
    ['HTML', 'FAILED', 1],
    ['a null where none may be', 'FAILED', 1],
    ['deep JSON', 'FAILED', 1],
    ['a black hole', 'TIMED_OUT', 1],
    ['refusing connections', 'UNREACHABLE', 0],
  ] as const)(
    'a region that fails by %s is suspended, and is not called until one probe succeeds',
    async (name, status, calls) => {
      const region = faulty.regions[slug]
      const asked = status === 'TIMED_OUT' ? await faulty.another(options(300)) : ask
      await faultNamed(name).inject(region)
      for (let failures = 0; failures < 3; failures++) expect(await statusOf(asked)).toEqual([status, calls])
      expect(await statusOf(asked)).toEqual(['SUSPENDED', 0])
      await region.heal()
      passedMs += 4999
      expect(await statusOf(asked)).toEqual(['SUSPENDED', 0])
      passedMs += 1
      expect(await statusOf(asked)).toEqual(['ANSWERED', 1])
      expect(await statusOf(asked)).toEqual(['ANSWERED', 1])
    },
  )

  test('a suspended region is probed by one call at a time, and suspended again when the probe fails', async () => {
    const region = faulty.regions[slug]
    region.inject(answers(500))
    for (let failures = 0; failures < 3; failures++) await statusOf()
    passedMs += 5000
    const { promise: called, resolve: onRegionCall } = Promise.withResolvers<void>()
    const { promise: let500, resolve: fail } = Promise.withResolvers<void>()
    region.inject(async (exchange) => {
      onRegionCall()
      await let500
      await answers(500)(exchange)
    })
    const tried = statusOf()
    await called
    const calls = region.calls
    expect(
      await Promise.all(
        Array.from({ length: 8 }, async () => (await ask(look)).data.patient.completeness.regions[1].status),
      ),
    ).toEqual(Array(8).fill('SUSPENDED'))
    expect(region.calls).toBe(calls)
    fail()
    expect(await tried).toEqual(['FAILED', 2])
    expect(await statusOf()).toEqual(['SUSPENDED', 0])
    await region.heal()
    passedMs += 5000
    expect(await statusOf()).toEqual(['ANSWERED', 1])
  })

  test('a region is not suspended for failures with successes between them', async () => {
    const region = faulty.regions[slug]
    for (let round = 0; round < 3; round++) {
      await faultNamed('HTML').inject(region, 2)
      const statuses = [await statusOf(), await statusOf(), await statusOf()]
      expect(statuses.map(([status]) => status)).toEqual(['FAILED', 'FAILED', 'ANSWERED'])
    }
  })

  test('a view shows when a suspended region is retried, the trail records it as not queried, and it takes no changes', async () => {
    const { system, regions } = faulty
    expect(await healthOf()).toEqual({ available: true, suspendedUntil: null })
    await faultNamed('HTML').inject(regions[slug])
    for (let failures = 0; failures < 3; failures++) await statusOf()
    expect(await healthOf()).toEqual({ available: false, suspendedUntil: new Date(startMs + 5000).toISOString() })
    const { data } = await ask(`query WhileSuspended ${look}`)
    expect(data.patient.completeness).toMatchObject({
      complete: false,
      message: 'LPRES did not answer; what it holds is missing below.',
    })
    expect(data.patient.completeness.regions[1]).toEqual({ status: 'SUSPENDED', latencyMs: null })
    const events = (await readEvents(system, 'VIEW')).filter(({ operation }) => operation.name === 'WhileSuspended')
    expect(events.at(-1)).toMatchObject({
      region: 'LANCASHIRE_SOUTH_CUMBRIA',
      status: 'SUSPENDED',
      latencyMs: null,
      answeredFrom: 'NOWHERE',
      items: 0,
    })
    await failForAnother()
    const calls = regions[slug].calls
    const permission = { nhsNumber: '9990000018', region: 'LANCASHIRE_SOUTH_CUMBRIA' }
    const changed = await ask(publishedOperation('record-permission'), permission, await system.token(consultant))
    expect(changed.data.recordPermission).toMatchObject({ status: 'UNAVAILABLE', until: null })
    expect((await readEvents(system, 'PERMISSION')).at(-1)).toMatchObject({
      status: 'SUSPENDED',
      latencyMs: null,
      answeredFrom: 'NOWHERE',
    })
    expect(regions[slug].calls).toBe(calls)
    passedMs += 5000
    expect(await healthOf()).toEqual({ available: true, suspendedUntil: null })
  })
})

test('a document of a suspended region does not open, and the trail says why', async () => {
  const { data } = await ask(
    '{ patient(nhsNumber: "9990000018") { documents(first: 20) { nodes { sources { region } content { url } } } } }',
  )
  const { content } = data.patient.documents.nodes.find(
    ({ sources }: { sources: readonly { region: string }[] }) => sources[0]?.region === 'LANCASHIRE_SOUTH_CUMBRIA',
  )
  const open = async () => fetch(content.url, { headers: { authorization: `Bearer ${await faulty.system.token()}` } })
  expect((await open()).status).toBe(200)
  await faultNamed('HTML').inject(faulty.regions[slug])
  for (let failures = 0; failures < 3; failures++) await statusOf()
  expect((await open()).status).toBe(503)
  expect((await readEvents(faulty.system, 'DOCUMENT')).map(({ status }) => status)).toEqual(['ANSWERED', 'SUSPENDED'])
})

test('a query for more documents than a store takes in one request gets all of them, and no region is suspended', async () => {
  const { data } = await ask('{ patient(nhsNumber: "9990000018") { documents(first: 20) { nodes { id } } } }')
  const known: readonly string[] = data.patient.documents.nodes.map(({ id }: { id: string }) => id)
  const ids = Array.from({ length: 51 }, (_, n) => known[n] ?? `unknown-${n}`)
  // As many as may have an alias, and one without.
  const text = `{ ${ids.map((id, n) => `${n === 0 ? '' : `d${n}: `}document(id: ${JSON.stringify(id)}) { status }`).join(' ')} }`
  const expected = Object.fromEntries(
    ids.map((id, n) => [n === 0 ? 'document' : `d${n}`, { status: known.includes(id) ? 'ANSWERED' : 'NOT_KNOWN' }]),
  )
  for (let times = 0; times < 5; times++) expect(await ask(text)).toMatchObject({ errors: [], data: expected })
  expect((await ask('{ regions { health { suspendedUntil } } }')).data.regions).toEqual(
    Array(2).fill({ health: { suspendedUntil: null } }),
  )
})

test.each([
  ['TOO_MANY_DOCUMENTS', 'ANSWERED'],
  ['INTERNAL', 'SUSPENDED'],
  ['TOO_MANY_DOCUMENTS beside INTERNAL', 'SUSPENDED'],
])(
  "a region's GraphQL errors with the code %s fail one viewer alone, or suspend the region: then it is %s",
  async (codes, then) => {
    const errors = codes.split(' beside ').map((code) => ({ message: 'x', extensions: { code } }))
    faulty.regions[slug].inject(
      ({ response }) =>
        void response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ data: null, errors })),
    )
    for (let times = 0; times < 3; times++) expect(await statusOf()).toEqual(['FAILED', 1])
    await faulty.regions[slug].heal()
    expect((await statusOf())[0]).toBe(then)
  },
)

test("a region's refusal, unknown number or bad-request answer is not a failure", async () => {
  const statuses = async (nhsNumber: string) =>
    (await ask(look.replace('9990000018', nhsNumber))).data.patient.completeness.regions[1].status
  for (const nhsNumber of ['9990000050', '9990000468', '9990000492'])
    for (let times = 0; times < 4; times++) expect(await statuses(nhsNumber)).toMatch(/REQUIRED|REFUSED|NOT_KNOWN/)
  faulty.regions[slug].inject(answers(401))
  for (let times = 0; times < 6; times++) expect(await statusOf()).toEqual(['FAILED', 1])
})

describe('a region that sends Retry-After', () => {
  test.each([
    ['503 and seconds', 503, '7', 7000],
    ['429 and seconds', 429, '7', 7000],
    ['503 and an HTTP date', 503, 'in nine seconds', 9000],
    ['a week', 503, '604800', 60_000],
  ] as const)(
    'a region that sends %s is called once and not again before that time',
    async (_, status, header, forMs) => {
      const region = faulty.regions[slug]
      region.inject(
        answers(status, {
          'retry-after': header === 'in nine seconds' ? new Date(startMs + 9000).toUTCString() : header,
        }),
      )
      expect(await statusOf()).toEqual(['FAILED', 1])
      await region.heal()
      expect(await healthOf()).toMatchObject({
        available: false,
        suspendedUntil: new Date(startMs + forMs).toISOString(),
      })
      passedMs += forMs - 1
      expect(await statusOf()).toEqual(['SUSPENDED', 0])
      passedMs += 1
      expect(await statusOf()).toEqual(['ANSWERED', 1])
    },
  )

  test.each([
    ['503 without the header', 503, {}, 2],
    ['503 with a time of zero', 503, { 'retry-after': '0' }, 2],
    ['503 with a time that is past', 503, { 'retry-after': 'Mon, 01 Jan 2024 00:00:00 GMT' }, 2],
    ['503 with text that is no time', 503, { 'retry-after': 'soon' }, 2],
    ['500, where the header is ignored', 500, { 'retry-after': '7' }, 2],
    ['429 without the header', 429, {}, 1],
  ] as const)('a Retry-After that does not count is one failure: %s', async (_, status, headers, calls) => {
    faulty.regions[slug].inject(answers(status, headers))
    for (let failures = 0; failures < 3; failures++) expect(await statusOf()).toEqual(['FAILED', calls])
    expect(await statusOf()).toEqual(['SUSPENDED', 0])
  })
})
