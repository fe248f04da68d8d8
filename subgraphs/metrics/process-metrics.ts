import { collectDefaultMetrics, type Registry } from 'prom-client'

// Gauges whose names end as only counters' may (Prometheus's naming); each has another beside it, by type, with the same numbers.
const misnamed = ['nodejs_active_resources_total', 'nodejs_active_handles_total', 'nodejs_active_requests_total']

/** CPU, memory, event loop lag, garbage collection: prom-client's own, but for what `promtool check metrics` objects to. */
export function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry })
  for (const name of misnamed) registry.removeSingleMetric(name)
}
