import { describe, expect, test } from 'vitest'
import type { RegionObservation } from '../../gateway/metrics/request-observation.ts'
import { createObservationMemory } from '../../gateway/operations/observation-memory.ts'
import type { RegionFigures } from '../../gateway/operations/operations-figures.ts'
import { toFigures } from '../../gateway/operations/to-figures.ts'
import { asked, observation } from './support/observation.ts'

const nowMs = Date.UTC(2026, 10, 27, 12)
const exchange = { region: 'CHESHIRE_MERSEYSIDE' } as const
const well = { suspendedUntilMs: null, ready: true, isFeedCurrent: true, cacheBytes: 0, cachedPatients: 0 }

/** What is said when these requests were observed in the last minute, and LPRES is in this state. */
function noticesOf(requests: readonly (readonly RegionObservation[])[], lpres: Partial<RegionFigures> = {}) {
  const memory = createObservationMemory({ regions: ['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA'], now: () => nowMs })
  for (const regions of requests) memory.observe(observation({ regions }))
  const regions = [
    { ...well, code: 'CHESHIRE_MERSEYSIDE', name: 'e-Xchange' },
    { ...well, code: 'LANCASHIRE_SOUTH_CUMBRIA', name: 'LPRES', ...lpres },
  ]
  return toFigures(memory, { asOfMs: nowMs, sinceMs: nowMs, inFlight: 0, cache: { bytes: 0, maxBytes: 0 }, regions }).notices.map(({ text }) => text)
}

const times = (count: number, ...regions: readonly RegionObservation[]) => Array.from({ length: count }, () => regions)

describe('what is said of regions', () => {
  test('nothing while they answer in time', () => {
    expect(noticesOf(times(50, asked(12, exchange), asked(30)))).toEqual([])
    expect(noticesOf([])).toEqual([])
  })

  test('a slow one is named, with how long it takes and the others beside it', () => {
    const [text, ...others] = noticesOf(times(50, asked(12, exchange), asked(1900)))
    expect(others).toEqual([])
    expect(text).toBe('LPRES is slow: p95 1.9 s; e-Xchange 12 ms.')
  })

  test('one slow answer does not make a slow region', () => {
    expect(noticesOf([...times(1, asked(12, exchange), asked(1900))])).toEqual([])
    expect(noticesOf([...times(99, asked(12, exchange), asked(20)), ...times(1, asked(12, exchange), asked(1900))])).toEqual([])
  })

  test('one that fails, with how often and how', () => {
    const fails = (status: string) => times(3, asked(12, exchange), asked(1, { status }))
    expect(noticesOf([...times(24, asked(12, exchange), asked(20)), ...fails('FAILED'), ...fails('UNREACHABLE')])).toEqual([
      'LPRES did not answer 6 of 30 requests in the last minute: 3 not reached, 3 failed.',
    ])
  })

  test('refusals and unknown patients are answers', () => {
    expect(noticesOf([...times(9, asked(2, { status: 'REFUSED' })), ...times(9, asked(2, { status: 'NOT_KNOWN' }))])).toEqual([])
  })

  test.each<[string, Partial<RegionFigures>, string]>([
    ['suspended', { suspendedUntilMs: nowMs + 3200, ready: false }, 'LPRES is suspended, because it failed again and again: it is tried again in 4 s.'],
    ['suspended for as long as was meant', { suspendedUntilMs: nowMs - 10, ready: false }, 'LPRES is suspended, because it failed again and again: the next request tries it.'],
    ['not ready', { ready: false }, 'LPRES does not say that it is ready.'],
    ['silent', { isFeedCurrent: false }, 'The change feed of LPRES is silent: what it answers is not kept in the cache until it is heard again.'],
  ])('one that is %s', (_, state, text) => {
    expect(noticesOf([], state)).toEqual([text])
  })

  test('the worst comes first', () => {
    const [first, second] = noticesOf(times(9, asked(900, exchange), asked(0.1, { status: 'SUSPENDED' })), { suspendedUntilMs: nowMs + 1000 })
    expect([first, second]).toEqual([expect.stringContaining('LPRES is suspended'), expect.stringContaining('LPRES did not answer 9 of 9')])
  })
})
