import type { ServiceLog } from './service-log.ts'
import type { Spans } from './spans.ts'
import type { TraceSettings } from './trace-settings.ts'

/**
 * Loads a service's tracing; null without a collector. OpenTelemetry's SDK takes 110 ms and 27 MB, so it is imported
 * only with one.
 */
export async function loadSpans(
  settings: TraceSettings | null,
  service: string,
  log: ServiceLog,
): Promise<Spans | null> {
  if (!settings) return null
  const { createOtlpSpans } = await import('./otlp-spans.ts')
  return createOtlpSpans({ ...settings, service, log })
}
