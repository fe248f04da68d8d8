import { describe, expect, test } from 'vitest'
import type { RegionObservation, RequestObservation } from '../../gateway/observability/metrics/request-observation.ts'
import { toAllWell } from '../../gateway/observability/operations-page/browser/all-well.js'
import { createObservationWindow } from '../../gateway/observability/operations-page/observation-window.ts'
import type { RegionFigures } from '../../gateway/observability/operations-page/operations-figures.ts'
import { toFigures } from '../../gateway/observability/operations-page/to-figures.ts'
import { asked, observation } from '../support/observability/observation.ts'

const nowMs = Date.UTC(2026, 10, 27, 12)
const exchange = { region: 'CHESHIRE_MERSEYSIDE' } as const
const well = { suspendedUntilMs: null, ready: true, isFeedCurrent: true, cacheBytes: 0, cachedPatients: 0 }

/** What is to be seen when these requests were observed in the last minute, and LPRES is in this state. */
function figuresOf(requests: readonly Partial<RequestObservation>[], lpres: Partial<RegionFigures> = {}) {
  const memory = createObservationWindow({
    regions: ['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA'],
    now: () => nowMs,
  })
  for (const request of requests) memory.observe(observation(request))
  const regions = [
    { ...well, code: 'CHESHIRE_MERSEYSIDE', name: 'e-Xchange' },
    { ...well, code: 'LANCASHIRE_SOUTH_CUMBRIA', name: 'LPRES', ...lpres },
  ]
  return toFigures(memory, { asOfMs: nowMs, sinceMs: nowMs, inFlight: 0, cache: { bytes: 0, maxBytes: 0 }, regions })
}

/** What is said of it, of requests that asked regions. */
function noticesOf(requests: readonly (readonly RegionObservation[])[], lpres: Partial<RegionFigures> = {}) {
  return figuresOf(
    requests.map((regions) => ({ regions })),
    lpres,
  ).notices.map(({ text }) => text)
}

const times = (count: number, ...regions: readonly RegionObservation[]) => Array.from({ length: count }, () => regions)

describe('notices about regions', () => {
  test('the operations page has no notice while regions answer in time', () => {
    expect(noticesOf(times(50, asked(12, exchange), asked(30)))).toEqual([])
    expect(noticesOf([])).toEqual([])
  })

  test("a notice names a slow region, its latency, and the others' beside it", () => {
    const [text, ...others] = noticesOf(times(50, asked(12, exchange), asked(1900)))
    expect(others).toEqual([])
    expect(text).toBe('LPRES is slow: p95 1.9 s; e-Xchange 12 ms.')
  })

  test('one slow answer raises no notice of a slow region', () => {
    expect(noticesOf([...times(1, asked(12, exchange), asked(1900))])).toEqual([])
    expect(
      noticesOf([...times(99, asked(12, exchange), asked(20)), ...times(1, asked(12, exchange), asked(1900))]),
    ).toEqual([])
  })

  test('a notice names a failing region, how often it fails and how', () => {
    const fails = (status: string) => times(3, asked(12, exchange), asked(1, { status }))
    expect(
      noticesOf([...times(24, asked(12, exchange), asked(20)), ...fails('FAILED'), ...fails('UNREACHABLE')]),
    ).toEqual(['LPRES did not answer 6 of 30 requests in the last minute: 3 not reached, 3 failed.'])
  })

  test('refusals and unknown patients count as answers', () => {
    expect(
      noticesOf([...times(9, asked(2, { status: 'REFUSED' })), ...times(9, asked(2, { status: 'NOT_KNOWN' }))]),
    ).toEqual([])
  })

  test.each<[string, Partial<RegionFigures>, string]>([
    [
      'suspended',
      { suspendedUntilMs: nowMs + 3200, ready: false },
      'LPRES is suspended, because it failed again and again: it is tried again in 4 s.',
    ],
    [
      'suspended for as long as was meant',
      { suspendedUntilMs: nowMs - 10, ready: false },
      'LPRES is suspended, because it failed again and again: the next request tries it.',
    ],
    ['not ready', { ready: false }, 'LPRES does not say that it is ready.'],
    [
      'silent',
      { isFeedCurrent: false },
      'The change feed of LPRES is silent: what it answers is not kept in the cache until it is heard again.',
    ],
  ])('a notice names a region that is %s', (_, state, text) => {
    expect(noticesOf([], state)).toEqual([text])
  })

  test('the worst notice comes first', () => {
    const [first, second] = noticesOf(times(9, asked(900, exchange), asked(0.1, { status: 'SUSPENDED' })), {
      suspendedUntilMs: nowMs + 1000,
    })
    expect([first, second]).toEqual([
      expect.stringContaining('LPRES is suspended'),
      expect.stringContaining('LPRES did not answer 9 of 9'),
    ])
  })
})

describe('notices about the gateway', () => {
  const stages = { planMs: 1, accessMs: 1, regionsMs: 0, assembleMs: 2, auditMs: 1 }
  const slow = { durationMs: 2400, gatewayMs: 2400, stages: { ...stages, auditMs: 2395 } }
  const quick = { durationMs: 5, gatewayMs: 5, stages }

  test('a notice of a slow gateway comes before all notices of regions, with its latency and slowest stage', () => {
    const { notices } = figuresOf([...Array.from({ length: 5 }, () => slow), quick], { ready: false })
    expect(notices.map(({ kind }) => kind)).toEqual(['GATEWAY_SLOW', 'NOT_READY'])
    expect(notices[0]?.text).toMatch(
      /^The gateway itself is slow: p95 2\.\d+ s, most of it in audit \(writing to the trail\)\.$/,
    )
    const [byPlan] = figuresOf(
      Array.from({ length: 5 }, () => ({ ...slow, stages: { ...stages, planMs: 2395 } })),
    ).notices
    expect(byPlan?.text).toContain('most of it in the plan')
  })

  test('the operations page has no notice of a quick gateway, nor for one slow request of a hundred or of four', () => {
    expect(figuresOf([slow, ...Array.from({ length: 99 }, () => quick)]).notices).toEqual([])
    expect(figuresOf([slow, quick, quick, quick]).notices).toEqual([])
  })
})

describe("the page's first line without a notice", () => {
  const wellOf = (requests: Parameters<typeof figuresOf>[0]) => toAllWell(figuresOf(requests))
  const cached = (count: number) => Array.from({ length: count }, () => ({ regions: [asked(0, { fromCache: true })] }))

  test("the page says that nothing is wrong, with each region's latency where it is known", () => {
    const requests = [...times(4, asked(12, exchange), asked(30)), ...times(1, asked(30))].map((regions) => ({
      regions,
    }))
    expect(wellOf(requests)).toEqual({
      state: 'good',
      text: expect.stringMatching(/^Nothing is amiss in the last minute: LPRES p95 (29|30|31) ms\.$/),
    })
    expect(wellOf(requests.slice(0, 4))).toEqual({
      state: 'good',
      text: 'Nothing is amiss; regions were asked too seldom in the last minute to tell how long they take.',
    })
    expect(wellOf(cached(50))).toEqual({
      state: 'good',
      text: 'Nothing is amiss; no region was asked in the last minute.',
    })
  })

  test('the page does not say that nothing is wrong beside a slow region behind a warm cache, or a slow gateway', () => {
    const behindCache = wellOf([...cached(50), ...times(3, asked(1090)).map((regions) => ({ regions }))])
    expect(behindCache).toEqual({
      state: 'unsure',
      text: expect.stringMatching(
        /^Too few requests .* whether anything is amiss: LPRES took up to 1\.\d\d s of 3 requests\.$/,
      ),
    })
    expect(wellOf([{ gatewayMs: 2400 }])).toEqual({
      state: 'unsure',
      text: expect.stringMatching(/the gateway itself took up to 2\.\d\d s of 1 request\.$/),
    })
  })
})
