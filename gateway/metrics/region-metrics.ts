import type { Registry } from 'prom-client'
import { createTimings } from './timings.ts'

/** What came of a call of a region over the network. */
export type OnCall = (region: string, outcome: 'REPLIED' | 'TIMED_OUT' | 'UNREACHABLE' | 'FAILED' | 'SUSPENDED', durationMs: number) => void

/** How regions answer over the network. */
export function createRegionMetrics(registry: Registry): { readonly onCall: OnCall } {
  const calls = createTimings({
    name: 'gateway_region_call_duration_seconds',
    help: 'Calls of regions over the network, each attempt, until the last byte.',
    labelNames: ['region', 'outcome'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registry,
  })
  return { onCall: (region, outcome, durationMs) => calls(durationMs / 1000, region, outcome) }
}
