import { expect, test } from 'vitest'
import { createFairScheduler } from '../../subgraphs/release/fair-scheduler.ts'
import type { RecordStore } from '../../subgraphs/store/record-store.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { item, numberOf, patient, publication } from '../support/store/publications.ts'
import { createTestService } from '../support/store/test-service.ts'

const many = Array.from({ length: 20 }, (_, n) => n)

/** A store whose pages of documents take 5 ms of its thread for each patient. */
function createSlowStore() {
  const store = createSqliteRecordStore({ region: 'CHESHIRE_MERSEYSIDE', file: ':memory:' })
  const { promise: isBegun, resolve: begin } = Promise.withResolvers<void>()
  const slow: RecordStore = {
    ...store,
    async readTimeline(section, patients, question) {
      begin()
      const endsAtMs = performance.now() + 5 * patients.length
      while (performance.now() < endsAtMs);
      return store.readTimeline(section, patients, question)
    },
  }
  return { store: slow, isBegun }
}

test('a store that reads a hundred pages for one viewer answers other viewers and its readiness meanwhile', async () => {
  const { store, isBegun } = createSlowStore()
  await using service = await createTestService({ store })
  await service.publish(
    publication({
      patients: many.map((n) => patient(n)),
      items: many.map((n) => item('documents', `d${n}`, { nhsNumber: numberOf(n) })),
    }),
  )
  await using listening = await service.service.listen({ port: 0 })
  const pages = [1, 2, 3, 4, 5].map((first) => `d${first}: documents(first: ${first}) { hasMore }`).join(' ')
  const ended: string[] = []
  const heavy = service.ask(
    `query ($n: [NHSNumber!]!) { exchangeView(nhsNumbers: $n) { patients { record { ${pages} } } } }`,
    { n: many.map(numberOf) },
    { person: '1' },
  )
  const isHeavyAnswered = heavy.then(({ errors }) => ended.push(`heavy ${errors?.length ?? 0}`))
  await isBegun
  const light = service.ask(
    `query ($n: [NHSNumber!]!) { exchangeView(nhsNumbers: $n) { patients { record { documents { hasMore } } } } }`,
    { n: [numberOf(0)] },
    { person: '2' },
  )
  const ready = fetch(`${listening.url}/readyz`)
  await Promise.all([
    light.then(({ errors }) => ended.push(`light ${errors?.length ?? 0}`)),
    ready.then(({ status }) => ended.push(`ready ${status}`)),
    isHeavyAnswered,
  ])
  expect(ended.toSorted()).toEqual(['heavy 0', 'light 0', 'ready 200'])
  expect(ended.at(-1)).toBe('heavy 0')
})

test('viewers take turns in order of arrival, one piece of work each', async () => {
  const turns = createFairScheduler()
  const ran: string[] = []
  const run = (viewer: string, piece: string) => turns.run(viewer, async () => void ran.push(`${viewer}${piece}`))
  await Promise.all([run('a', '1'), run('a', '2'), run('a', '3'), run('b', '1'), run('c', '1'), run('b', '2')])
  expect(ran).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
})

test("a failed piece of work rejects its caller's promise, and the others run", async () => {
  const turns = createFairScheduler()
  const failing = turns.run('a', async () => {
    throw new Error('expected')
  })
  const running = turns.run('a', async () => 2)
  await expect(failing).rejects.toThrow('expected')
  expect(await running).toBe(2)
})

test('work yields to the event loop after 5 ms', async () => {
  const turns = createFairScheduler()
  let ran = 0
  const pieces = Array.from({ length: 10 }, () =>
    turns.run('a', async () => {
      const endsAtMs = performance.now() + 6
      while (performance.now() < endsAtMs);
      ran++
    }),
  )
  const ranBefore: number[] = []
  for (let turn = 0; turn < 5; turn++) ranBefore.push(await new Promise((resolve) => setImmediate(() => resolve(ran))))
  await Promise.all(pieces)
  expect(ran).toBe(10)
  for (const [turn, count] of ranBefore.entries()) expect(count).toBeLessThanOrEqual(turn + 2)
})
