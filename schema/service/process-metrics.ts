import { collectDefaultMetrics, type Registry } from 'prom-client'

// prom-client names these gauges like counters, to which `promtool check metrics` objects.
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

/** Registers metrics of event loop, memory, garbage collector and processor time. */
export function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry })
  for (const name of misnamed) registry.removeSingleMetric(name)
}
