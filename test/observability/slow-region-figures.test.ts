import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OperationsFigures } from '../../gateway/observability/operations-page/operations-figures.ts'
import { type FaultySystem, startFaultySystem } from '../support/faults/faulty-system.ts'
import { publishedOperation } from '../support/published-operation.ts'

const slug = 'lancashire-south-cumbria'
const timeMs = 1200
const look = '{ patient(nhsNumber: "9990000018", noCache: true) { completeness { complete } } }'

describe('figures of a faulty region', () => {
  let faulty: FaultySystem
  let figures: () => Promise<OperationsFigures>
  beforeAll(async () => {
    const resilience = { retries: 0, pauseMs: 0, failuresInRow: 12, suspendMs: 60_000, longestRetryAfterMs: 0 } as const
    faulty = await startFaultySystem({ settings: { [slug]: { timeMs, resilience } }, cacheBytes: 1024 * 1024 })
    const headers = { authorization: `Bearer ${await faulty.system.token({ scope: 'operations' })}` }
    figures = async () => (await (await fetch(`${faulty.url}/ops/figures`, { headers })).json()) as OperationsFigures
  })
  afterAll(() => faulty[Symbol.asyncDispose]())

  const lookTimes = (times: number) => Promise.all(Array.from({ length: times }, () => faulty.ask(look)))
  /** A request is observed when its answer has left, and figures are good for a second. */
  const figuresWhere = async (isSo: (figures: OperationsFigures) => boolean) => {
    await expect.poll(async () => isSo(await figures()), { timeout: 10_000, interval: 200 }).toBe(true)
    return figures()
  }

  test("the figures by operation and by cache outcome name a late region apart from the gateway's time, and then show it suspended", async () => {
    const summary = publishedOperation('patient-summary')
    await figuresWhere(({ regions }) => regions.every(({ isFeedCurrent }) => isFeedCurrent))
    await faulty.ask(summary, { nhsNumber: '9990000018' })
    await faulty.ask(summary, { nhsNumber: '9990000018' })
    const { minute, hour, regions, cache } = await figuresWhere((one) => one.minute.requests.count === 2)
    expect(minute.operations.map(({ name, latency }) => [name, latency.count])).toEqual([['PatientSummary', 2]])
    expect(minute.outcomes).toMatchObject({ COMPLETE: 2, INCOMPLETE: 0 })
    expect(minute.regions).toMatchObject([
      { asked: 1, fromCache: 1, statuses: { ANSWERED: 2 } },
      { asked: 1, fromCache: 1, statuses: { ANSWERED: 2 } },
    ])
    expect(hour).toEqual(minute)
    expect(regions.map(({ name, isFeedCurrent, cachedPatients }) => [name, isFeedCurrent, cachedPatients])).toEqual([
      ['e-Xchange', true, 1],
      ['LPRES', true, 1],
    ])
    // Whole answers, beside the regions' replies.
    expect(cache.bytes).toBeGreaterThan(regions.reduce((sum, { cacheBytes }) => sum + cacheBytes, 0))

    faulty.regions[slug].inject(() => {})
    await lookTimes(8)
    const late = await figuresWhere((one) => one.minute.requests.count === 10)
    const texts = late.notices.map(({ text }) => text)
    expect(texts).toContain('LPRES did not answer 8 of 10 requests in the last minute: 8 timed out.')
    expect(texts).toContainEqual(expect.stringMatching(/^LPRES is slow: p95 [12]\.\d s; e-Xchange [\d.]+ m?s\.$/))
    const [, lpres] = late.minute.regions
    expect(lpres?.waits.p50Ms).toBeGreaterThanOrEqual(timeMs * 0.975)
    expect(late.minute.waiting.p50Ms).toBeGreaterThanOrEqual(timeMs * 0.975)
    expect(late.minute.gateway.p50Ms).toBeLessThan(timeMs / 2)
    const slow = late.slowest.find(({ outcome }) => outcome === 'INCOMPLETE')
    expect(slow).toMatchObject({ operation: 'other', regions: [{ status: 'ANSWERED' }, { status: 'TIMED_OUT' }] })
    expect(slow?.stages.regionsMs).toBeGreaterThanOrEqual(timeMs * 0.98)
    expect(late.series.regions[1]?.answered.filter((share) => share !== null && share < 1).length).toBeGreaterThan(0)
    expect(JSON.stringify(late.slowest)).not.toMatch(/999\d{7}|Ashworth/)

    await lookTimes(4)
    // Suspended for who asked; and for all, now that another viewer has met the same, and the region does not answer
    // the gateway either.
    await faulty.ask(look, {}, await faulty.system.token({ person: '902' }))
    const suspended = await figuresWhere((one) => one.regions.some(({ suspendedUntilMs }) => suspendedUntilMs !== null))
    expect(suspended.minute.requests.count).toBe(15)
    expect(suspended.notices[0]?.text).toMatch(
      /^LPRES is suspended, because it failed again and again: it is tried again in \d\d s\.$/,
    )
    expect(suspended.regions.map(({ suspendedUntilMs }) => suspendedUntilMs !== null)).toEqual([false, true])
  })
})
