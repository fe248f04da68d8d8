import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CallOutcome, createCircuitBreaker } from '../../gateway/regions/circuit-breaker.ts'

const failuresInRow = 3
const suspendMs = 100
const longestRetryAfterMs = 1000
const callMs = 20

type Event =
  | { readonly kind: 'call' }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'end'; readonly which: number; readonly end: CallOutcome }

const end: fc.Arbitrary<CallOutcome> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<CallOutcome>('answered') },
  { weight: 6, arbitrary: fc.constant<CallOutcome>('failed') },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 5000 }).map((retryAfterMs) => ({ retryAfterMs })) },
)
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Event>({ kind: 'call' }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('end' as const), which: fc.nat(20), end }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 150 }) }) },
)

test('whatever happens, a suspended region is not called, is probed by one call at a time, and does not stay suspended', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 120 }), (events) => {
      let nowMs = 0
      const breaker = createCircuitBreaker({
        maxConsecutiveFailures: failuresInRow,
        suspendMs,
        maxRetryAfterMs: longestRetryAfterMs,
        callMs,
        clock: () => nowMs,
      })
      const open: ((end: CallOutcome) => void)[] = []
      let suspended = false
      let triedAtMs = Number.NEGATIVE_INFINITY
      for (const one of events) {
        if (one.kind === 'pass') nowMs += one.ms
        else if (one.kind === 'end') {
          const [told] = open.splice(one.which % Math.max(1, open.length), 1)
          const wasSuspended = breaker.suspendedUntilMs() !== null
          told?.(one.end)
          if (!wasSuspended && breaker.suspendedUntilMs() !== null) expect(one.end).not.toBe('answered')
        } else {
          const untilMs = breaker.suspendedUntilMs()
          const begun = breaker.startCall()
          // What it says is what it does.
          expect(begun === null).toBe(untilMs !== null)
          if (begun) open.push(begun)
          // The first call after a suspension is alone while it can last.
          if (begun && suspended && breaker.suspendedUntilMs() !== null) {
            expect(nowMs - triedAtMs).toBeGreaterThanOrEqual(Math.min(callMs, suspendMs))
            expect(breaker.startCall()).toBeNull()
            triedAtMs = nowMs
          }
        }
        const untilMs = breaker.suspendedUntilMs()
        suspended ||= untilMs !== null
        if (untilMs !== null)
          expect(untilMs - nowMs).toBeLessThanOrEqual(Math.max(suspendMs, longestRetryAfterMs, callMs))
      }
      // However it stands: after the longest suspension one call that is answered ends it.
      nowMs += Math.max(suspendMs, longestRetryAfterMs, callMs)
      breaker.startCall()?.('answered')
      expect([breaker.suspendedUntilMs(), breaker.startCall() === null, breaker.startCall() === null]).toEqual([
        null,
        false,
        false,
      ])
    }),
    { numRuns: 500 },
  )
})

test('a call begun before a suspension that ends after it neither ends the suspension nor begins another', () => {
  let nowMs = 0
  const breaker = createCircuitBreaker({
    maxConsecutiveFailures: 1,
    suspendMs,
    maxRetryAfterMs: longestRetryAfterMs,
    callMs,
    clock: () => nowMs,
  })
  const [early, later, failing] = [breaker.startCall(), breaker.startCall(), breaker.startCall()]
  failing?.('failed')
  early?.('answered')
  expect(breaker.suspendedUntilMs()).toBe(suspendMs)
  nowMs = 50
  later?.({ retryAfterMs: 1000 })
  expect(breaker.suspendedUntilMs()).toBe(suspendMs)
})
