import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createRegionBreaker,
  type FailureEvidence,
  type RegionBreaker,
  type RegionCallOutcome,
} from '../../gateway/regions/region-breaker.ts'

const [failuresInRow, suspendMs, longestRetryAfterMs, callMs] = [3, 100, 1000, 30]
const longestMs = Math.max(suspendMs, longestRetryAfterMs, callMs)

/** A breaker with a clock that is set, over a region that is down, or is not. */
function createModel() {
  let nowMs = 0
  const asked: FailureEvidence[] = []
  const model = {
    breaker: createRegionBreaker({
      maxConsecutiveFailures: failuresInRow,
      suspendMs,
      maxRetryAfterMs: longestRetryAfterMs,
      callMs,
      clock: () => nowMs,
    }) as RegionBreaker,
    isDown: false,
    asked,
    pass: (ms: number) => {
      nowMs += ms
    },
    /** One call of a viewer's, from begin to end; false: it was not made. */
    async call(viewer: string, end: RegionCallOutcome): Promise<boolean> {
      const ended = model.breaker.startCall(viewer)
      ended?.(end, model.confirm)
      await nextTurn()
      return ended !== null
    },
    confirm: async (evidence: FailureEvidence) => {
      asked.push(evidence)
      return model.isDown
    },
  }
  return model
}

const failure: fc.Arbitrary<RegionCallOutcome> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<RegionCallOutcome>('failed') },
  { weight: 1, arbitrary: fc.nat(5000).map((retryAfterMs) => ({ retryAfterMs })) },
)
type Event =
  | { readonly kind: 'begin' | 'answered' }
  | { readonly kind: 'fail'; readonly end: RegionCallOutcome }
  | { readonly kind: 'pass'; readonly ms: number }
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Event>({ kind: 'begin' }) },
  { weight: 4, arbitrary: failure.map((end): Event => ({ kind: 'fail', end })) },
  { weight: 2, arbitrary: fc.constant<Event>({ kind: 'answered' }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 150 }).map((ms): Event => ({ kind: 'pass', ms })) },
)

test('whatever happens to one viewer, a working region is called for every other', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 80 }), async (events) => {
      const { breaker, pass, confirm, asked } = createModel()
      const begun: NonNullable<ReturnType<RegionBreaker['startCall']>>[] = []
      for (const one of events) {
        if (one.kind === 'pass') pass(one.ms)
        else if (one.kind === 'answered') await nextTurn()
        else if (one.kind === 'fail') begun.shift()?.(one.end, confirm)
        else {
          const call = breaker.startCall('hostile')
          if (call) begun.push(call)
        }
        expect(breaker.suspendedUntilMs()).toBeNull()
        const call = breaker.startCall('other')
        expect(call).not.toBeNull()
        if (one.kind === 'answered') call?.('answered', confirm)
      }
      await nextTurn()
      expect(breaker.suspendedUntilMs('other')).toBeNull()
      expect(asked).not.toContain('several viewers')
    }),
    { numRuns: 300 },
  )
})

test('whatever happened, nobody stays suspended', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(
          fc.constantFrom('a', 'b', 'c'),
          fc.oneof(failure, fc.constantFrom<RegionCallOutcome>('answered', 'unreachable')),
          fc.boolean(),
        ),
        { maxLength: 60 },
      ),
      async (calls) => {
        const { breaker, call, pass, ...model } = createModel()
        for (const [viewer, end, isDown] of calls) {
          model.isDown = isDown
          await call(viewer, end)
          const untilMs = breaker.suspendedUntilMs(viewer)
          if (untilMs !== null) pass(Math.min(50, longestMs))
        }
        pass(longestMs)
        for (const viewer of ['a', 'b', 'c']) expect(await call(viewer, 'answered')).toBe(true)
        for (const viewer of ['a', 'b', 'c']) expect(breaker.suspendedUntilMs(viewer)).toBeNull()
      },
    ),
    { numRuns: 200 },
  )
})

describe('one region and several viewers', () => {
  const fail = async (
    model: ReturnType<typeof createModel>,
    viewers: readonly string[],
    end: RegionCallOutcome = 'failed',
  ) => {
    for (const viewer of viewers) await model.call(viewer, end)
  }

  test('a region that is not ready is suspended for everybody once one viewer fails often enough', async () => {
    const model = createModel()
    model.isDown = true
    await fail(model, ['a', 'a'])
    expect(model.breaker.suspendedUntilMs()).toBeNull()
    await fail(model, ['a'])
    expect([model.breaker.suspendedUntilMs('b'), model.asked]).toEqual([suspendMs, ['one viewer']])
  })

  test("a working region is suspended only for the viewer who fails often enough, and that viewer's calls probe it", async () => {
    const model = createModel()
    await fail(model, ['a', 'a', 'a'])
    expect([model.breaker.suspendedUntilMs('a'), model.breaker.suspendedUntilMs('b')]).toEqual([suspendMs, null])
    model.pass(suspendMs)
    expect(await model.call('a', 'answered')).toBe(true)
    expect(model.breaker.suspendedUntilMs('a')).toBeNull()
  })

  test('a region that accepts no connection is suspended for everybody without a readiness check', async () => {
    const model = createModel()
    await fail(model, ['a', 'a', 'a'], 'unreachable')
    expect([model.breaker.suspendedUntilMs('b'), model.asked]).toEqual([suspendMs, []])
  })

  test("a region that says it is ready and answers nothing is suspended for everybody by a second viewer's first failure", async () => {
    const model = createModel()
    await fail(model, ['a', 'a', 'a'])
    model.isDown = true
    await fail(model, ['b'])
    expect([model.breaker.suspendedUntilMs(), model.asked]).toEqual([suspendMs, ['one viewer', 'several viewers']])
  })

  test('a region that answers anybody in between has not failed in a row', async () => {
    const model = createModel()
    model.isDown = true
    await fail(model, ['a', 'b'])
    await model.call('c', 'answered')
    await fail(model, ['a', 'b'])
    expect([model.breaker.suspendedUntilMs(), model.asked]).toEqual([null, []])
  })

  test.each([
    ['does', true, [400, 400]],
    ['does not', false, [400, null]],
  ] as const)(
    "a region's Retry-After to one viewer binds that viewer, and everybody when its readiness check %s report it down",
    async (_, isDown, expected) => {
      const model = createModel()
      model.isDown = isDown
      await fail(model, ['a'], { retryAfterMs: 400 })
      expect([model.breaker.suspendedUntilMs('a'), model.breaker.suspendedUntilMs('b')]).toEqual(expected)
    },
  )

  test('a probed region that fails a heavy call is no longer suspended when it answers the readiness check', async () => {
    const model = createModel()
    model.isDown = true
    await fail(model, ['a', 'b', 'c'])
    model.pass(suspendMs)
    model.isDown = false
    await fail(model, ['heavy'])
    expect([model.breaker.suspendedUntilMs(), await model.call('b', 'answered')]).toEqual([null, true])
  })

  test('a readiness check runs once, however many calls fail at a time', async () => {
    const model = createModel()
    const calls = Array.from({ length: 20 }, (_, n) => model.breaker.startCall(n % 2 === 0 ? 'a' : 'b'))
    for (const call of calls) call?.('failed', model.confirm)
    await nextTurn()
    expect(model.asked).toEqual(['several viewers'])
  })
})
