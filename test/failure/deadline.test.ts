import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { consultant } from '../support/consent/broken-glass.ts'
import type { FaultAction, FaultyRegion } from '../support/faults/faulty-region.ts'
import { type FaultySystem, startFaultySystem } from '../support/faults/faulty-system.ts'

const slug = 'lancashire-south-cumbria'
const patient = '9990000018'

let faulty: FaultySystem
let region: FaultyRegion
beforeAll(async () => {
  faulty = await startFaultySystem()
  region = faulty.regions[slug]
})
afterAll(() => faulty[Symbol.asyncDispose]())
beforeEach(() => region.heal())

const blackHole: FaultAction = () => {}

test('a gateway does not start with a region deadline as long as the request deadline', async () => {
  await expect(faulty.another({ deadlineMs: 2000 })).rejects.toThrow(
    'expected more than the time of every region, 2500 ms of CHESHIRE_MERSEYSIDE, found 2000',
  )
  await expect(faulty.another({ settings: { [slug]: { timeMs: 3000 } } })).rejects.toThrow(
    '3000 ms of LANCASHIRE_SOUTH_CUMBRIA, found 3000',
  )
})

test('a region called twice in one request has only the remaining time the second time, and the rest is answered', async () => {
  const settings = { 'cheshire-merseyside': { timeMs: 900 }, [slug]: { timeMs: 900 } }
  const ask = await faulty.another({ settings, deadlineMs: 1000 })
  const { data } = await ask(`{ patient(nhsNumber: "${patient}") { documents(first: 1) { nodes { id } } } }`)
  const [{ id }] = data.patient.documents.nodes
  // The region is late to say whose the document is, and then again; its time alone would come to 1.6 s.
  region.inject(({ response, storesAnswer }) => {
    const timer = setTimeout(
      async () => response.writeHead(200, { 'content-type': 'application/json' }).end(await storesAnswer()),
      800,
    )
    response.on('close', () => clearTimeout(timer))
  })
  const begunAtMs = performance.now()
  const found = await ask('query ($id: ID!) { document(id: $id) { status message } }', { id })
  expect(performance.now() - begunAtMs).toBeLessThan(1550)
  expect(found.errors).toEqual([])
  expect(found.data.document.message).toContain('LPRES did not answer')
})

test('a request that makes changes one after another does not send those after its deadline', async () => {
  const settings = { 'cheshire-merseyside': { timeMs: 400 }, [slug]: { timeMs: 400 } }
  const ask = await faulty.another({ settings, deadlineMs: 600 })
  region.inject(blackHole)
  const before = region.calls
  const fields = Array.from(
    { length: 6 },
    (_, index) =>
      `c${index}: recordPermission(input: { nhsNumber: "${patient}", region: LANCASHIRE_SOUTH_CUMBRIA }) { status }`,
  )
  const { data, errors } = await ask(`mutation Many { ${fields.join(' ')} }`, {}, await faulty.system.token(consultant))
  expect(errors).toEqual([])
  expect(Object.values(data)).toEqual(Array(6).fill({ status: 'UNAVAILABLE' }))
  expect(region.calls - before).toBe(2)
})
