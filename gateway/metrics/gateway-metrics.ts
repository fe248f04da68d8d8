import { Registry } from 'prom-client'
import { collectProcessMetrics } from '../../schema/process/process-metrics.ts'
import { type AuditMetrics, createAuditMetrics } from './audit-metrics.ts'
import { createCacheMetrics, type OnLookup } from './cache-metrics.ts'
import { createRegionMetrics, type OnCall } from './region-metrics.ts'
import { createRequestMetrics, type RequestMetrics } from './request-metrics.ts'
import { createStateMetrics, type GatewayStates } from './state-metrics.ts'

/** The gateway's metrics, in a registry of their own. Whoever knows something tells it; nothing of a patient, a person or a text is a label. */
export interface GatewayMetrics extends RequestMetrics, AuditMetrics {
  readonly onCall: OnCall
  readonly onLookup: OnLookup
  /** Looks at these too, from now on; once. */
  watch(states: GatewayStates): void
  /** Prometheus's text format, and its media type. The process's own are counted from the first time on. */
  print(): Promise<{ readonly type: string; readonly text: string }>
}

export interface GatewayMetricsOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export function createGatewayMetrics({ now }: GatewayMetricsOptions): GatewayMetrics {
  const registry = new Registry()
  let isCounting = false
  return {
    ...createRequestMetrics(registry),
    ...createRegionMetrics(registry),
    ...createCacheMetrics(registry, now),
    ...createAuditMetrics(registry),
    watch: (states) => createStateMetrics(registry, states),
    async print() {
      // Each watcher of the process costs, and stays: none for a gateway that nobody asks.
      if (!isCounting) collectProcessMetrics(registry)
      isCounting = true
      return { type: registry.contentType, text: await registry.metrics() }
    },
  }
}
