import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLatencyHistogram } from '../../gateway/observability/operations-page/latency-histogram.ts'

const latencies = fc.array(
  fc.oneof(fc.double({ min: 0.1, max: 20, noNaN: true }), fc.double({ min: 0.1, max: 120_000, noNaN: true })),
  { minLength: 1, maxLength: 300 },
)
const shares = fc.oneof(fc.constantFrom(0.5, 0.95, 0.99, 1), fc.double({ min: 0, max: 1, noNaN: true }))

function histogramOf(values: readonly number[]) {
  const histogram = createLatencyHistogram()
  for (const value of values) histogram.add(value)
  return histogram
}

/** By nearest rank, of the values themselves. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? Number.NaN
}

describe('the percentiles of a histogram', () => {
  test('percentiles are within 2.5 % of those of the values', () => {
    fc.assert(
      fc.property(latencies, shares, (values, share) => {
        const exact = percentile(values, share)
        expect(Math.abs((histogramOf(values).percentileMs(share) ?? Number.NaN) / exact - 1)).toBeLessThan(0.025)
      }),
    )
  })

  test('percentiles are the same for values counted together, or apart and then added', () => {
    fc.assert(
      fc.property(latencies, latencies, shares, (some, others, share) => {
        const added = histogramOf(some)
        added.addAll(histogramOf(others))
        const together = histogramOf([...some, ...others])
        expect([added.count, added.percentileMs(share)]).toEqual([together.count, together.percentileMs(share)])
      }),
    )
  })

  test('percentiles of no values do not exist, and those of impossible values are bounded', () => {
    expect(createLatencyHistogram().percentileMs(0.95)).toBeNull()
    expect(histogramOf([0]).percentileMs(0.5)).toBe(0.1)
    expect(histogramOf([-5]).percentileMs(0.5)).toBe(0.1)
    expect(histogramOf([1e12]).percentileMs(0.5)).toBeLessThan(155_000)
  })
})
