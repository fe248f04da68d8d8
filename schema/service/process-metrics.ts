import { collectDefaultMetrics, type Registry } from 'prom-client'

// Gauges whose names say that they are counters, which `promtool check metrics` objects to.
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

/** Event loop, memory, collector and processor time, from now on. */
export function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry })
  for (const name of misnamed) registry.removeSingleMetric(name)
}
