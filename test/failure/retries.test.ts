import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readEvents } from '../support/audit/read-events.ts'
import { consultant } from '../support/consent/broken-glass.ts'
import { listFaults } from '../support/faults/faults.ts'
import type { FaultAction, FaultyRegion } from '../support/faults/faulty-region.ts'
import { type FaultySystem, startFaultySystem } from '../support/faults/faulty-system.ts'
import { publishedOperation } from '../support/published-operation.ts'

const slug = 'lancashire-south-cumbria'
const patient = '9990000018'
const look = `{ patient(nhsNumber: "${patient}", noCache: true) { completeness { regions { status } } } }`

let faulty: FaultySystem
let region: FaultyRegion
beforeAll(async () => {
  faulty = await startFaultySystem()
  region = faulty.regions[slug]
})
afterAll(() => faulty[Symbol.asyncDispose]())
beforeEach(() => region.heal())

const strikeOf = (name: string) => {
  const fault = listFaults({ url: 'http://127.0.0.1:9' }).find((one) => one.name === name)
  if (!fault) throw new Error(`No fault ${name}`)
  return fault
}
const statusOf = async () => (await faulty.ask(look)).data.patient.completeness.regions[1].status
const callsOf = async <Answer>(work: () => Promise<Answer>): Promise<readonly [Answer, number]> => {
  const before = region.calls
  return [await work(), region.calls - before]
}

describe('a read that failed in a way that may pass', () => {
  test.each([
    ['HTTP 500', 1],
    ['a connection that closes halfway', 1],
    ['closing kept-alive connections at the worst moment', Number.POSITIVE_INFINITY],
  ])(
    'the gateway sends a read once more over another connection after a temporary failure (%s)',
    async (name, times) => {
      expect(await statusOf()).toBe('ANSWERED')
      await strikeOf(name).inject(region, times)
      expect(await callsOf(statusOf)).toEqual(['ANSWERED', 2])
    },
  )

  test('the gateway sends a read once more, and not a third time', async () => {
    await strikeOf('HTTP 500').inject(region, 2)
    expect(await callsOf(statusOf)).toEqual(['FAILED', 2])
    expect(await callsOf(statusOf)).toEqual(['ANSWERED', 1])
  })

  test('the gateway retries over a new connection, because all keep-alive connections may be closing', async () => {
    const many = () => Promise.all(Array.from({ length: 30 }, statusOf))
    expect(new Set(await many())).toEqual(new Set(['ANSWERED']))
    await strikeOf('closing kept-alive connections at the worst moment').inject(region)
    // In waves: while some are sent again, others are begun.
    const waves: Promise<unknown>[] = []
    for (let wave = 0; wave < 10; wave++) {
      waves.push(...Array.from({ length: 4 }, statusOf))
      await Promise.race(waves.slice(-4))
    }
    expect(new Set(await Promise.all(waves))).toEqual(new Set(['ANSWERED']))
  })

  test('the gateway does not retry a read of a region that must not be called twice', async () => {
    const ask = await faulty.another({
      settings: {
        [slug]: {
          resilience: { retries: 0, pauseMs: 0, failuresInRow: 5, suspendMs: 5000, longestRetryAfterMs: 60_000 },
        },
      },
    })
    await strikeOf('HTTP 500').inject(region, 1)
    const [{ data }, calls] = await callsOf(() => ask(look))
    expect([data.patient.completeness.regions[1].status, calls]).toEqual(['FAILED', 1])
  })

  test('a retry has the remaining time, not the whole time again', async () => {
    const ask = await faulty.another({ settings: { [slug]: { timeMs: 500 } } })
    await ask(look)
    // The first attempt takes most of the time to fail, the second all that is left.
    const attempts: number[] = []
    const strike: FaultAction = ({ response }) => {
      attempts.push(performance.now())
      if (attempts.length > 1) return
      const timer = setTimeout(() => response.writeHead(500).end(), 300)
      response.on('close', () => clearTimeout(timer))
    }
    region.inject(strike)
    const { data } = await ask(look.replace('{ status }', '{ status latencyMs }'))
    const { status, latencyMs } = data.patient.completeness.regions[1]
    expect([status, attempts.length]).toEqual(['TIMED_OUT', 2])
    expect(latencyMs).toBeLessThan(750)
  })
})

test('the gateway finds a document although the connection closes halfway', async () => {
  const { data } = await faulty.ask(
    `{ patient(nhsNumber: "${patient}") { documents(first: 1) { nodes { id sources { region } } } } }`,
  )
  const [{ id }] = data.patient.documents.nodes
  await strikeOf('a connection that closes halfway').inject(region, 1)
  const found = await faulty.ask('query ($id: ID!) { document(id: $id) { status document { id } } }', { id })
  expect(found.data.document).toEqual({ status: 'ANSWERED', document: { id } })
})

describe('a change', () => {
  test.each([
    ['HTTP 500', 'FAILED'],
    ['a connection that closes halfway', 'FAILED'],
    ['HTTP 503 with Retry-After', 'FAILED'],
  ])(
    'the gateway sends a change that meets %s once, and says that it may or may not have been made',
    async (name, status) => {
      const token = await faulty.system.token(consultant)
      const ask = await faulty.another({})
      await strikeOf(name).inject(region)
      const permission = { nhsNumber: patient, region: 'LANCASHIRE_SOUTH_CUMBRIA' }
      const [{ data }, calls] = await callsOf(() => ask(publishedOperation('record-permission'), permission, token))
      expect([data.recordPermission.status, calls]).toEqual(['UNAVAILABLE', 1])
      expect((await readEvents(faulty.system, 'PERMISSION')).map((event) => event.status)).toContain(status)
    },
  )

  test('the gateway sends a change over its own connection, because keep-alive connections may be closing', async () => {
    expect(await statusOf()).toBe('ANSWERED')
    await strikeOf('closing kept-alive connections at the worst moment').inject(region)
    const permission = { nhsNumber: patient, region: 'LANCASHIRE_SOUTH_CUMBRIA' }
    const [{ data }, calls] = await callsOf(async () =>
      faulty.ask(publishedOperation('record-permission'), permission, await faulty.system.token(consultant)),
    )
    expect(calls).toBe(1)
    expect(data.recordPermission.status).not.toBe('UNAVAILABLE')
  })
})
