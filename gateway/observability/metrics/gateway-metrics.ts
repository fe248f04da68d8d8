import { Registry } from 'prom-client'
import { collectProcessMetrics } from '../../../schema/service/process-metrics.ts'
import type { RouteHandler } from '../../../schema/service/use-route-handlers.ts'
import { type AuditMetrics, createAuditMetrics } from './audit-metrics.ts'
import { createCounter } from './counter.ts'
import { createHistogram } from './histogram.ts'
import { createRequestMetrics, type RequestMetrics } from './request-metrics.ts'
import { createStateMetrics, type ObservedState } from './state-metrics.ts'

/** The gateway's metrics, in a registry of their own. No label holds anything of a patient, a person or a text. */
export interface GatewayMetrics extends RequestMetrics, AuditMetrics {
  readonly onCall: OnRegionCall
  readonly onLookup: OnLookup
  /** Looks at these too, from now on; once. */
  observeState(states: ObservedState): void
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
    observeState: (states) => createStateMetrics(registry, states),
    async print() {
      // Each process watcher costs and stays, so a gateway that nobody scrapes has none.
      if (!isCounting) collectProcessMetrics(registry)
      isCounting = true
      return { type: registry.contentType, text: await registry.metrics() }
    },
  }
}

/** What came of a call of a region over the network. */
export type OnRegionCall = (
  region: string,
  outcome: 'REPLIED' | 'TIMED_OUT' | 'UNREACHABLE' | 'FAILED' | 'SUSPENDED',
  durationMs: number,
) => void

/** How regions answer over the network. */
export function createRegionMetrics(registry: Registry): { readonly onCall: OnRegionCall } {
  const calls = createHistogram({
    name: 'gateway_region_call_duration_seconds',
    help: 'Calls of regions over the network, each attempt, until the last byte.',
    labelNames: ['region', 'outcome'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registry,
  })
  return { onCall: (region, outcome, durationMs) => calls(durationMs / 1000, region, outcome) }
}

/**
 * What came of looking for so many patients' replies of a region; `readAtMs` of a hit, when the region read its store,
 * in milliseconds since 1970.
 */
export type OnLookup = (
  region: string,
  outcome: 'hit' | 'miss' | 'shared' | 'bypassed',
  patients: number,
  readAtMs?: number,
) => void

/** Counts cache lookups; `now` is in milliseconds since 1970. */
export function createCacheMetrics(registry: Registry, now: () => number): { readonly onLookup: OnLookup } {
  const lookups = createCounter({
    name: 'gateway_cache_lookups_total',
    help: "Patients' replies looked for: kept, not kept, on its way for another request, or not to be kept.",
    labelNames: ['region', 'outcome'],
    registry,
  })
  const ages = createHistogram({
    name: 'gateway_cache_hit_age_seconds',
    help: 'How long before a reply was found in the cache the region had read its store.',
    labelNames: [],
    buckets: [0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600],
    registry,
  })
  return {
    onLookup(region, outcome, patients, readAtMs) {
      lookups(region, outcome, patients)
      // The region's clock may be ahead.
      if (readAtMs !== undefined) ages(Math.max(0, now() - readAtMs) / 1000)
    },
  }
}

/** Answers Prometheus, without a token: who may reach it is the network's to say, and nothing of a patient is in it. */
export function createMetricsHandler({ print }: Pick<GatewayMetrics, 'print'>): RouteHandler<string, unknown> {
  return async () => {
    const { type, text } = await print()
    return new Response(text, { headers: { 'content-type': type, 'cache-control': 'no-store' } })
  }
}
