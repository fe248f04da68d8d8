import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createViewerSlots, type ReleaseSlot } from '../../schema/viewer-slots.ts'
import type { RecordStore } from '../../subgraphs/store/record-store.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { numberOf, patient, publication } from '../support/store/publications.ts'
import { createTestService } from '../support/store/test-service.ts'

const heavy = numberOf(0)
const query = 'query ($n: NHSNumber!) { exchangeView(nhsNumbers: [$n]) { patients { askedNhsNumber } } }'

/** A store that finds the first patient only when it is let. */
function createHeldStore() {
  const { promise: isLet, resolve: letGo } = Promise.withResolvers<void>()
  const store = createSqliteRecordStore({ region: 'CHESHIRE_MERSEYSIDE', file: ':memory:' })
  const begun = new EventTarget()
  let reads = 0
  const held: RecordStore = {
    ...store,
    async findPatients(numbers) {
      if (numbers.includes(heavy)) {
        reads++
        begun.dispatchEvent(new Event('read'))
        await isLet
      }
      return store.findPatients(numbers)
    },
  }
  return { store: held, letGo, begun, reads: () => reads }
}

describe('a store', () => {
  test('a store runs two queries of one viewer at a time, and answers others meanwhile', async () => {
    const held = createHeldStore()
    await using service = await createTestService({ store: held.store })
    await service.publish(publication({ patients: [patient(0), patient(1)] }))
    const asked = Array.from({ length: 10 }, () => service.ask(query, { n: heavy }, { person: '1' }))
    while (held.reads() < 2) await once(held.begun, 'read')
    for (let n = 0; n < 3; n++)
      expect((await service.ask(query, { n: numberOf(1) }, { person: '2' })).data?.exchangeView?.patients).toHaveLength(
        1,
      )
    expect(held.reads()).toBe(2)
    held.letGo()
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(Array(10).fill(200))
    expect(held.reads()).toBe(10)
  })

  test('a store refuses a viewer more queries than may wait, and refuses no other viewer', async () => {
    const held = createHeldStore()
    await using service = await createTestService({
      store: held.store,
      viewerSlots: { maxConcurrent: 1, maxWaiting: 2 },
    })
    await service.publish(publication({ patients: [patient(0), patient(1)] }))
    const asked = Array.from({ length: 4 }, () => service.ask(query, { n: heavy }, { person: '1' }))
    // One runs and two wait, so the first that is answered is the fourth.
    expect((await Promise.race(asked)).status).toBe(429)
    const { url } = await service.service.listen({ port: 0 })
    const send = async (person: string) =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(await service.headers({ person })) },
        body: JSON.stringify({ query, variables: { n: numberOf(1) } }),
      })
    const refused = await send('1')
    expect([
      refused.status,
      refused.headers.get('retry-after'),
      (await refused.json()).errors[0].extensions.code,
    ]).toEqual([429, '1', 'TOO_MANY_REQUESTS'])
    expect((await send('2')).status).toBe(200)
    held.letGo()
    expect((await Promise.all(asked)).map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 429])
    expect((await send('1')).status).toBe(200)
  })

  test('a store answers the readiness query for a viewer whose slots are all taken', async () => {
    const held = createHeldStore()
    await using service = await createTestService({
      store: held.store,
      viewerSlots: { maxConcurrent: 1, maxWaiting: 0 },
    })
    await service.publish(publication({ patients: [patient(0)] }))
    const asked = service.ask(query, { n: heavy }, { person: '1' })
    while (held.reads() < 1) await once(held.begun, 'read')
    expect(await service.ask('{ __typename }', {}, { person: '1' })).toMatchObject({
      status: 200,
      data: { __typename: 'Query' },
    })
    expect((await service.ask('{ other: __typename }', {}, { person: '1' })).status).toBe(429)
    held.letGo()
    expect((await asked).status).toBe(200)
  })

  test('a store does not begin a waiting query whose caller has gone', async () => {
    const held = createHeldStore()
    await using service = await createTestService({ store: held.store, viewerSlots: { maxConcurrent: 1 } })
    await service.publish(publication({ patients: [patient(0), patient(1)] }))
    await using listening = await service.service.listen({ port: 0 })
    const headers = { 'content-type': 'application/json', ...(await service.headers()) }
    const body = JSON.stringify({ query, variables: { n: heavy } })
    const asked = fetch(`${listening.url}/graphql`, { method: 'POST', headers, body })
    while (held.reads() < 1) await once(held.begun, 'read')
    const leaving = new AbortController()
    const left = Array.from({ length: 5 }, () =>
      fetch(`${listening.url}/graphql`, { method: 'POST', headers, body, signal: leaving.signal }),
    )
    const stays = fetch(`${listening.url}/graphql`, { method: 'POST', headers, body })
    // Their bodies are there when a later viewer's is.
    expect((await service.ask(query, { n: numberOf(1) }, { person: '2' })).status).toBe(200)
    leaving.abort()
    for (const one of left) await expect(one).rejects.toThrow()
    await expect.poll(async () => (await fetch(`${listening.url}/livez`)).status).toBe(200)
    held.letGo()
    expect([(await asked).status, (await stays).status]).toEqual([200, 200])
    expect(held.reads()).toBe(2)
  })
})

test('no viewer holds more slots than the limit, no slot is lost, and no viewer waits for another', async () => {
  const steps = fc.array(
    fc.tuple(fc.constantFrom('acquire', 'release', 'leave'), fc.constantFrom('a', 'b', 'c'), fc.nat(5)),
    { maxLength: 60 },
  )
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), steps, async (maxConcurrent, taken) => {
      const slots = createViewerSlots({ maxConcurrent })
      const held = new Map<string, ReleaseSlot[]>()
      const leaving = new Map<string, AbortController[]>()
      const of = <T>(map: Map<string, T[]>, viewer: string) => map.get(viewer) ?? map.set(viewer, []).get(viewer) ?? []
      for (const [step, viewer, which] of taken) {
        if (step === 'release') of(held, viewer).splice(which % Math.max(1, of(held, viewer).length), 1)[0]?.()
        else if (step === 'leave')
          of(leaving, viewer)
            .splice(which % Math.max(1, of(leaving, viewer).length), 1)[0]
            ?.abort()
        else {
          const controller = new AbortController()
          const acquired = slots.acquire(viewer, () => controller.signal)
          // At once, where it may be.
          if (of(held, viewer).length < maxConcurrent && of(leaving, viewer).length === 0)
            expect(acquired).toBeTypeOf('function')
          if (typeof acquired === 'function') of(held, viewer).push(acquired)
          else {
            of(leaving, viewer).push(controller)
            acquired?.then((release) => {
              of(leaving, viewer).splice(of(leaving, viewer).indexOf(controller) >>> 0, 1)
              if (release) of(held, viewer).push(release)
            })
          }
        }
        await nextTurn()
        expect(of(held, viewer).length).toBeLessThanOrEqual(maxConcurrent)
      }
      for (const viewer of ['a', 'b', 'c']) {
        while (of(held, viewer).length > 0) {
          of(held, viewer).pop()?.()
          await nextTurn()
        }
        expect(of(leaving, viewer).length).toBe(0)
        expect(slots.acquire(viewer)).toBeTypeOf('function')
      }
    }),
    { numRuns: 200 },
  )
})
