import { expect, test } from 'vitest'
import { createAnswerMemory } from '../../gateway/cache/answer-memory.ts'
import { createKeptAnswers, type KeptAnswer } from '../../gateway/http/kept-answers.ts'
import { RequestRecorder } from '../../gateway/metrics/request-recorder.ts'
import { viewerOf } from './support/model-viewer.ts'

const { holder } = viewerOf('0')
const recorder = new RequestRecorder({ viewed() {}, finished() {} }, 0, 0, null)
const noon = Date.UTC(2026, 10, 28, 12)

/** An answer of two parts that is kept at noon, and has been given once; `looks` counts how often all of it was looked at. */
async function keep(untilMs: number = noon + 30_000) {
  const world = { nowMs: noon, told: 1, isCurrent: true, looks: 0, holds: true }
  const part = (untilMs: number): KeptAnswer['parts'][number] => ({
    same: {
      holds() {
        world.looks++
        return world.holds
      },
      untilMs,
    },
    events: [],
    views: [],
  })
  const answers = createKeptAnswers({
    memory: createAnswerMemory<KeptAnswer>(100_000),
    regions: ['A', 'B'],
    feeds: {
      isCurrent: (region) => region === 'A' || world.isCurrent,
      get told() {
        return world.told
      },
    },
    admits: () => true,
    recordAgain: async () => {},
    onLookup() {},
    now: () => world.nowMs,
  })
  answers.keep(holder, 'body', { bytes: Buffer.from('{}'), query: '{ a }', parts: [part(noon + 3 * 3_600_000), part(untilMs)] })
  const isGiven = async () => (await answers.again(holder, 'body', recorder)) !== null
  await isGiven()
  world.looks = 0
  return Object.assign(world, { isGiven })
}

test('a kept answer is not looked at again while nothing is told and no time is over', async () => {
  const world = await keep()
  world.nowMs += 29_999
  expect([await world.isGiven(), world.looks]).toEqual([true, 0])
})

test.each<[string, (world: { nowMs: number; told: number }) => void]>([
  ['where a feed told something', (world) => world.told++],
  ['where the time of one of its parts is over', (world) => (world.nowMs += 30_000)],
  ['where the clock was set back', (world) => (world.nowMs -= 1)],
])('all of it is looked at %s', async (_, change) => {
  const world = await keep()
  change(world)
  world.holds = false
  expect([await world.isGiven(), world.looks]).toEqual([false, 1])
})

test('and where an hour began, for rules may change at midnight', async () => {
  const world = await keep(noon + 3 * 3_600_000)
  // Looked at last, and good, just before one.
  world.nowMs = noon + 3_600_000 - 10_000
  world.told++
  await world.isGiven()
  world.holds = false
  world.nowMs = noon + 3_600_000
  expect(await world.isGiven()).toBe(false)
})

test('it is not given while a region is not heard, though that was not told yet', async () => {
  const world = await keep()
  world.isCurrent = false
  expect(await world.isGiven()).toBe(false)
})
