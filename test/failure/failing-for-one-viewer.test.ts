import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readEvents } from '../support/audit/read-events.ts'
import type { FaultAction } from '../support/faults/faulty-region.ts'
import { type FaultySystem, slugs, startFaultySystem } from '../support/faults/faulty-system.ts'

const slug = 'lancashire-south-cumbria'
const resilience = { retries: 1, pauseMs: 0, failuresInRow: 3, suspendMs: 5000, longestRetryAfterMs: 60_000 } as const
const timeMs = 3000
const ordinary =
  '{ patient(nhsNumber: "9990000018", noCache: true) { completeness { complete regions { status } } allergies { nodes { id } } } }'
/** What a region cannot answer: it is known by its second root. */
const heavy = `query Heavy { ${[0, 1, 2].map((n) => `a${n}: patient(nhsNumber: "9990000018", noCache: true) { completeness { regions { status } } results(first: 100) { nodes { conflicts { field } } } }`).join(' ')} }`
const isHeavy = (body: string) => body.includes('gw_1:')

let faulty: FaultySystem
let passedMs = 0
let hostile: string
let others: readonly string[]
beforeAll(async () => {
  faulty = await startFaultySystem({
    settings: Object.fromEntries(slugs.map((one) => [one, { timeMs: one === slug ? timeMs : 20_000, resilience }])),
    deadlineMs: 30_000,
    clock: () => passedMs,
  })
  const { token } = faulty.system
  hostile = await token({ person: '666' })
  others = await Promise.all(['901', '902', '903'].map((person) => token({ person })))
})
afterAll(() => faulty[Symbol.asyncDispose]())
beforeEach(async () => {
  await faulty.regions[slug].heal()
  passedMs += 100_000
  for (const token of [hostile, ...others]) expect(await statusFor(token)).toBe('ANSWERED')
})

async function statusFor(token: string): Promise<string> {
  const { data, errors } = await faulty.ask(ordinary, {}, token)
  expect(errors).toEqual([])
  return data.patient.completeness.regions[1].status
}
async function heavyStatus(): Promise<string> {
  return (await faulty.ask(heavy, {}, hostile)).data.a0.completeness.regions[1].status
}
async function healthFor(token: string) {
  return (await faulty.ask('{ regions { health { available suspendedUntil } } }', {}, token)).data.regions[1].health
}
/** Strikes heavy queries alone; all else is the store's. */
function strikeHeavy(strike: FaultAction): void {
  faulty.regions[slug].inject(async (exchange) => {
    if (isHeavy(exchange.body)) return strike(exchange)
    exchange.response.writeHead(200, { 'content-type': 'application/json' }).end(await exchange.storesAnswer())
  })
}
function answers(status: number, headers: Readonly<Record<string, string>> = {}, body = ''): FaultAction {
  return ({ response }) => void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
}

describe("a region that cannot answer one viewer's queries", () => {
  test.each<[string, string, FaultAction]>([
    ['lets them time out', 'TIMED_OUT', () => {}],
    ['fails them', 'FAILED', answers(500)],
    ['answers half of them', 'FAILED', answers(200, {}, '{"data":{"gw_0":{')],
    ['cuts the connection', 'UNREACHABLE', ({ socket }) => void socket.destroy()],
    ['refuses them with 429', 'FAILED', answers(429, { 'retry-after': '7' })],
    ['refuses them with 503', 'FAILED', answers(503, { 'retry-after': '7' })],
  ])(
    'a region that %s for one viewer is suspended for that viewer, and answers all others',
    async (_, status, strike) => {
      strikeHeavy(strike)
      // In a row, with nobody else asking.
      expect(await Promise.all([heavyStatus(), heavyStatus(), heavyStatus()])).toEqual([status, status, status])
      const calls = faulty.regions[slug].calls
      expect(await heavyStatus()).toBe('SUSPENDED')
      expect(faulty.regions[slug].calls).toBe(calls)
      expect(await statusFor(hostile)).toBe('SUSPENDED')
      for (const token of others) expect(await statusFor(token)).toBe('ANSWERED')
      expect(await healthFor(hostile)).toEqual({ available: false, suspendedUntil: expect.any(String) })
      expect(await healthFor(others[0] ?? '')).toEqual({ available: true, suspendedUntil: null })
      passedMs += 10_000
      expect(await statusFor(hostile)).toBe('ANSWERED')
    },
  )

  test("a region that fails for two viewers answers the others, because it answers the gateway's own check", async () => {
    strikeHeavy(answers(500))
    for (const token of [hostile, others[0], hostile, others[0], hostile, others[0]]) await faulty.ask(heavy, {}, token)
    expect(await statusFor(others[1] ?? '')).toBe('ANSWERED')
    await faulty.ask(heavy, {}, others[1])
    expect(await statusFor(others[2] ?? '')).toBe('ANSWERED')
  })

  test('a region whose reply is too long is queried in smaller requests, and is suspended for nobody', async () => {
    strikeHeavy(answers(200, { 'content-length': String(17 * 1024 * 1024) }))
    for (let times = 0; times < 5; times++) expect(await heavyStatus()).toBe('ANSWERED')
    expect(await statusFor(hostile)).toBe('ANSWERED')
  })
})

test('the trail records as SUSPENDED what is not queried because the region is suspended for its viewer', async () => {
  strikeHeavy(answers(500))
  for (let times = 0; times < 4; times++) await heavyStatus()
  const events = (await readEvents(faulty.system, 'VIEW')).filter(
    ({ operation, person }) => operation.name === 'Heavy' && person.id === '666',
  )
  expect(events.at(-1)).toMatchObject({
    region: 'LANCASHIRE_SOUTH_CUMBRIA',
    status: 'SUSPENDED',
    latencyMs: null,
    answeredFrom: 'NOWHERE',
  })
})

describe('a region that answers nobody', () => {
  const statusesUntilSuspended = async (tokens: readonly string[]) => {
    const statuses: string[] = []
    for (const token of tokens) statuses.push(await statusFor(token))
    return statuses
  }

  test("a region is suspended for everybody when a few calls of several viewers and the gateway's own check have failed", async () => {
    faulty.regions[slug].inject(answers(500))
    const [first = '', second = '', third = ''] = others
    expect(await statusesUntilSuspended([first, second, first])).toEqual(['FAILED', 'FAILED', 'FAILED'])
    await expect.poll(() => statusFor(third)).toBe('SUSPENDED')
    expect(await statusFor(hostile)).toBe('SUSPENDED')
    await faulty.regions[slug].heal()
    passedMs += 5000
    expect(await statusFor(third)).toBe('ANSWERED')
  })

  test("a region whose process is gone is suspended for everybody by one viewer's calls", async () => {
    const [first = '', second = ''] = others
    await faulty.regions[slug].refuseConnections()
    expect(await statusesUntilSuspended([first, first, first])).toEqual(['UNREACHABLE', 'UNREACHABLE', 'UNREACHABLE'])
    expect(await statusFor(second)).toBe('SUSPENDED')
  })

  test("a region retried with a heavy query works for all as soon as it answers the gateway's own check", async () => {
    faulty.regions[slug].inject(answers(500))
    const [first = '', second = '', third = ''] = others
    await statusesUntilSuspended([first, second, first])
    await expect.poll(() => statusFor(third)).toBe('SUSPENDED')
    passedMs += 5000
    strikeHeavy(answers(500))
    expect(await heavyStatus()).toBe('FAILED')
    await expect.poll(() => statusFor(third)).toBe('ANSWERED')
  })
})
