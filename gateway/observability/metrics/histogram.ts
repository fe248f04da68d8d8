import type { Histogram, Registry } from 'prom-client'

/** Observes so many seconds, by up to two labels, in order. */
export type ObserveSeconds = (seconds: number, first?: string, second?: string) => void

export interface HistogramOptions {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly [] | readonly [string] | readonly [string, string]
  /** Upper bounds in seconds, ascending. */
  readonly buckets: readonly number[]
  readonly registry: Registry
}

/** What was observed under one set of labels. */
interface Series {
  readonly labels: Readonly<Record<string, string>>
  /** By bucket, each alone; the last is beyond all bounds. */
  readonly counts: number[]
  sum: number
}

/**
 * A histogram that is cheap to tell, as a tally is: prom-client checks the labels and makes a key of them each time,
 * here it prints alone.
 */
export function createHistogram({ name, help, labelNames, buckets, registry }: HistogramOptions): ObserveSeconds {
  const seriesByLabels = new Map<string, Map<string, Series>>()
  const create = (first: string, second: string): Series => {
    const labels = Object.fromEntries(labelNames.map((label, place) => [label, place === 0 ? first : second]))
    const created: Series = { labels, counts: new Array(buckets.length + 1).fill(0), sum: 0 }
    const seconds = seriesByLabels.get(first) ?? new Map<string, Series>()
    seriesByLabels.set(first, seconds.set(second, created))
    return created
  }
  const get = async () => ({
    name,
    help,
    type: 'histogram',
    aggregator: 'sum',
    values: [...seriesByLabels.values()]
      .flatMap((seconds) => [...seconds.values()])
      .flatMap((series) => toMetricValues(name, buckets, series)),
  })
  // As prom-client does: without labels there is one series, from the start.
  if (labelNames.length === 0) create('', '')
  // prom-client prints whatever has these; its types know its own classes alone.
  registry.registerMetric({ name, get, reset: () => seriesByLabels.clear() } as unknown as Histogram)
  return (value, first = '', second = '') => {
    if (!Number.isFinite(value)) return
    const series = seriesByLabels.get(first)?.get(second) ?? create(first, second)
    let bucket = 0
    while (value > (buckets[bucket] ?? Number.POSITIVE_INFINITY)) bucket++
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1
    series.sum += value
  }
}

/** As Prometheus has them: each bucket with those below it, and all. */
function toMetricValues(name: string, buckets: readonly number[], { labels, counts, sum }: Series) {
  let below = 0
  const upTo = counts.map((count, index) => {
    below += count
    return { metricName: `${name}_bucket`, labels: { le: buckets[index] ?? '+Inf', ...labels }, value: below }
  })
  return [
    ...upTo,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: below },
  ]
}
