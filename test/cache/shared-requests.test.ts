import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { patient } from '../support/cache/caching-system.ts'
import { type PausableProxy, startPausableProxy } from '../support/cache/pausable-proxy.ts'
import { item, numberOf, publication, patient as published } from '../support/store/publications.ts'
import { type System, startSystem } from '../support/system.ts'

const text =
  'query ($n: NHSNumber!) { patient(nhsNumber: $n, access: { relationship: CLAIMED }) { completeness { regions { status fromCache } } allergies { nodes { substance { text } } } } }'

/** A gateway with its cache, on whose way to the regions requests can be held. */
let system: System
let regions: readonly PausableProxy[]
let url: string
let token: string
beforeEach(async () => {
  system = await startSystem({ people: true })
  regions = await Promise.all(system.regions.map((region) => startPausableProxy(region.url)))
  url = await system.another({
    regions: system.regions.map((region, index) => ({ ...region, url: regions[index]?.url ?? '' })),
    cacheBytes: 1024 * 1024,
  })
  token = await system.token()
  await vi.waitFor(async () => {
    const { data } = await ask('{ regions { health { feedConnected } } }')
    expect(data.regions.every(({ health }: { health: { feedConnected: boolean } }) => health.feedConnected)).toBe(true)
  })
})
afterEach(async () => {
  await system[Symbol.asyncDispose]()
  for (const region of regions) await region[Symbol.asyncDispose]()
})

const ask = async (
  query: string,
  nhsNumber = patient,
  options: { readonly token?: string; readonly signal?: AbortSignal } = {},
) => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${options.token ?? token}` }
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables: { n: nhsNumber } }),
    ...(options.signal ? { signal: options.signal } : {}),
  })
  return response.json()
}
const hold = () => {
  for (const region of regions) region.pause()
}
const release = () => {
  for (const region of regions) region.resume()
}
const come = () => regions.map((region) => region.requestCount)
/**
 * What was sent to the gateway before has come there, over whichever of its sockets: it answers, many times, what needs
 * no region.
 */
const gatewayTurns = async () => {
  for (let times = 0; times < 20; times++) await ask('{ viewer { id } }')
}
const statuses = (answer: { data: { patient: { completeness: { regions: readonly object[] } } } }) =>
  answer.data.patient.completeness.regions
const afresh = [
  { status: 'ANSWERED', fromCache: false },
  { status: 'ANSWERED', fromCache: false },
]

test('ten equal requests of one viewer at once make one call to each region, and all ten are answered', async () => {
  hold()
  const answers = Array.from({ length: 10 }, () => ask(text))
  await vi.waitFor(() => expect(come()).toEqual([1, 1]))
  await gatewayTurns()
  release()
  const [first, ...others] = await Promise.all(answers)
  expect(statuses(first)).toEqual(afresh)
  for (const other of others) expect(other).toEqual(first)
  expect(come()).toEqual([1, 1])
})

test('a viewer who shares a request gets an answer although the first requester has left', async () => {
  hold()
  const leaving = new AbortController()
  const left = ask(text, patient, { signal: leaving.signal }).catch((error: Error) => error.name)
  await vi.waitFor(() => expect(come()).toEqual([1, 1]))
  const follower = ask(text)
  await gatewayTurns()
  leaving.abort()
  expect(await left).toBe('AbortError')
  await gatewayTurns()
  release()
  expect(statuses(await follower)).toEqual(afresh)
  expect(come()).toEqual([1, 1])
})

test('two viewers never share a request, and a request with noCache joins no other', async () => {
  hold()
  const other = await system.token({ person: '901' })
  const answers = [
    ask(text),
    ask(text, patient, { token: other }),
    ask(text.replace('nhsNumber: $n', 'nhsNumber: $n, noCache: true')),
  ]
  await vi.waitFor(() => expect(come()).toEqual([3, 3]))
  release()
  for (const answer of await Promise.all(answers)) expect(statuses(answer)).toEqual(afresh)
})

test('a request after a received change does not join one from before it, and sees the change', async () => {
  const nhsNumber = numberOf(600)
  const publish = (...names: readonly string[]) =>
    system
      .store('lancashire-south-cumbria')
      .publish([
        publication({ patients: [published(600)], items: names.map((name) => item('allergies', name, { nhsNumber })) }),
      ])
  await publish('one')
  hold()
  const before = ask(text, nhsNumber)
  await vi.waitFor(() => expect(come()).toEqual([1, 1]))
  await publish('two')
  // Each joins those who asked since the last change that was heard.
  const after: ReturnType<typeof ask>[] = []
  await vi.waitFor(async () => {
    after.push(ask(text, nhsNumber))
    await gatewayTurns()
    expect(come()[1]).toBeGreaterThan(1)
  })
  release()
  await before
  const last = await after.at(-1)
  expect(last.data.patient.allergies.nodes).toHaveLength(2)
})

test('a record that changes while another region is slow is read again before the answer is given', async () => {
  const nhsNumber = numberOf(601)
  const publish = (name: string) =>
    system
      .store('lancashire-south-cumbria')
      .publish([publication({ patients: [published(601)], items: [item('allergies', name, { nhsNumber })] })])
  await publish('three')
  await vi.waitFor(async () =>
    expect(statuses(await ask(text, nhsNumber))[1]).toEqual({ status: 'ANSWERED', fromCache: true }),
  )
  const [exchange] = regions
  const [comeBefore = 0] = come()
  exchange?.pause()
  const waiting = ask(text, nhsNumber)
  await vi.waitFor(() => expect(come()[0]).toBe(comeBefore + 1))
  await publish('four')
  // LPRES alone, and read through the cache of nobody: until the change is heard, it is the kept one.
  await vi.waitFor(async () => {
    const { data } = await ask(
      text.replace('nhsNumber: $n', 'nhsNumber: $n, regions: [LANCASHIRE_SOUTH_CUMBRIA]'),
      nhsNumber,
    )
    expect(data.patient.allergies.nodes).toHaveLength(2)
  })
  exchange?.resume()
  const { data } = await waiting
  expect(data.patient.allergies.nodes).toHaveLength(2)
})

test('a region whose change feed is disconnected is called for every request', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  await ask(text)
  await vi.waitFor(async () => expect(statuses(await ask(text))[1]).toEqual({ status: 'ANSWERED', fromCache: true }))
  regions[1]?.cutFeed()
  await vi.waitFor(async () => expect(statuses(await ask(text))[1]).toEqual({ status: 'ANSWERED', fromCache: false }), {
    timeout: 5000,
    interval: 20,
  })
  const [, before = 0] = come()
  for (let times = 0; times < 3; times++)
    expect(statuses(await ask(text))).toEqual([{ status: 'ANSWERED', fromCache: true }, afresh[1]])
  expect(come()[1]).toBe(before + 3)
}, 15_000)
