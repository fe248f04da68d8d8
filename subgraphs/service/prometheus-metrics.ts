import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { consentCodes } from '../../schema/policies/decision.ts'
import { collectProcessMetrics } from '../../schema/service/process-metrics.ts'
import type { RecordStore } from '../store/record-store.ts'
import type { ServedRequest, ServiceMetrics } from './service-metrics.ts'

export interface PrometheusMetricsOptions {
  readonly store: Pick<RecordStore, 'readFigures'>
  /** Whether the process's own metrics are included; only once in a process. @default false */
  readonly process?: boolean
  /** @default Date.now */
  readonly now?: () => number
}

/** A record store's metrics for Prometheus, in their own registry. Labels are words of closed lists. */
export function createPrometheusMetrics({
  store,
  process = false,
  now = Date.now,
}: PrometheusMetricsOptions): ServiceMetrics {
  const registry = new Registry()
  const registers = [registry]
  if (process) collectProcessMetrics(registry)
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers })

  const reads = new Histogram({
    name: 'store_read_duration_seconds',
    help: "GraphQL requests by the region's root field, from the head to the answer's last byte.",
    labelNames: ['operation'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  })
  const publishes = new Histogram({
    name: 'store_publish_duration_seconds',
    help: 'Bundles posted to /fhir: stored, refused, or failed within the store.',
    labelNames: ['outcome'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const inFlight = gauge(
    'store_requests_in_flight',
    'Requests that are not answered to their end yet, the change feed apart.',
  )
  const listeners = gauge('store_change_listeners', 'Gateways that listen to the change feed.')
  const decisions = new Counter({
    name: 'store_consent_decisions_total',
    help: "What the region's release rules decided, one for each number asked for.",
    labelNames: ['code'],
    registers,
  })
  const frequentGrants = new Counter({
    name: 'store_frequent_grants_total',
    help: 'Grants of broken glass to a person who had nine or more in the hour before.',
    registers,
  })
  const opened = new Counter({
    name: 'store_contents_opened_total',
    help: "Documents' contents sent, whole or a range.",
    registers,
  })

  const sequence = gauge('store_change_sequence', 'The sequence number of the last committed change.')
  const documents = gauge('store_documents', 'Documents held, whatever their lifecycle.')
  const bytes = gauge('store_database_bytes', 'What the database takes.')
  const openReviews = new Gauge({
    name: 'store_open_reviews',
    help: 'Reviews of broken glass that are still to be done, by office.',
    labelNames: ['office'],
    registers,
  })
  const overdueReviews = new Gauge({
    name: 'store_overdue_reviews',
    help: 'Open reviews whose time has passed, by office.',
    labelNames: ['office'],
    registers,
  })

  // Every series starts at 0, because Prometheus sees no increase in one that begins with its first event.
  for (const outcome of publishOutcomes) publishes.zero({ outcome })
  for (const code of consentCodes) decisions.inc({ code }, 0)

  return {
    requestStarted: (kind) => {
      if (kind !== 'changes') inFlight.inc()
    },
    requestEnded: ({ kind, operation, status, durationMs }) => {
      if (kind !== 'changes') inFlight.dec()
      if (kind === 'read') reads.observe({ operation }, durationMs / 1000)
      if (kind === 'publish') publishes.observe({ outcome: toPublishOutcome(status) }, durationMs / 1000)
      if (kind === 'content' && (status === 200 || status === 206)) opened.inc()
    },
    releaseDecided: (code) => decisions.inc({ code }),
    frequentGrantGiven: () => frequentGrants.inc(),
    listenersChanged: (count) => listeners.set(count),
    async print() {
      const figures = await store.readFigures(now())
      sequence.set(figures.sequence)
      documents.set(figures.documents)
      bytes.set(figures.bytes)
      for (const { office, open, overdue } of figures.reviews) {
        openReviews.set({ office }, open)
        overdueReviews.set({ office }, overdue)
      }
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}

const publishOutcomes = ['stored', 'refused', 'failed'] as const

function toPublishOutcome(status: ServedRequest['status']): (typeof publishOutcomes)[number] {
  if (status < 400) return 'stored'
  return status < 500 ? 'refused' : 'failed'
}
