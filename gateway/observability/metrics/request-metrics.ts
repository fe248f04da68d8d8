import type { Registry } from 'prom-client'
import { createCounter } from './counter.ts'
import { createHistogram } from './histogram.ts'
import type { ObserveRequest } from './request-observation.ts'
import type { ObservedView } from './request-recorder.ts'

export interface RequestMetrics {
  readonly observe: ObserveRequest
  readonly onView: (view: ObservedView) => void
  readonly onRefused: (code: string) => void
}

const answerBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
const gatewayBuckets = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]

/** What requests took and came to. An operation is a published one's name, or `other`. */
export function createRequestMetrics(registry: Registry): RequestMetrics {
  const duration = createHistogram({
    name: 'gateway_request_duration_seconds',
    help: 'From the head of a GraphQL request to the last byte of its answer.',
    labelNames: ['operation', 'outcome'],
    buckets: answerBuckets,
    registry,
  })
  const own = createHistogram({
    name: 'gateway_own_duration_seconds',
    help: 'Of that, the time in which no region was waited for.',
    labelNames: ['operation'],
    buckets: gatewayBuckets,
    registry,
  })
  const wait = createHistogram({
    name: 'gateway_region_wait_seconds',
    help: 'How long a request waited for a region that it asked.',
    labelNames: ['operation', 'region'],
    buckets: answerBuckets,
    registry,
  })
  const answers = createCounter({
    name: 'gateway_region_answers_total',
    help: 'What regions came to in patient views.',
    labelNames: ['region', 'status'],
    registry,
  })
  const views = createCounter({
    name: 'gateway_views_total',
    help: 'Patient views, complete or not.',
    labelNames: ['complete'],
    registry,
  })
  const refused = createCounter({
    name: 'gateway_requests_refused_total',
    help: 'Requests refused, before work or for what they asked, by the code of the error.',
    labelNames: ['code'],
    registry,
  })
  return {
    observe({ operation, outcome, durationMs, gatewayMs, regions }) {
      duration(durationMs / 1000, operation, outcome)
      own(gatewayMs / 1000, operation)
      for (const { region, waitMs } of regions) if (waitMs > 0) wait(waitMs / 1000, operation, region)
    },
    onView({ completeness, regionResults }) {
      views(String(completeness.complete))
      for (const { region, status } of regionResults) answers(region.code, status)
    },
    onRefused: (code) => refused(code),
  }
}
