import type { ServiceLog } from './service-log.ts'
import type { Spans } from './spans.ts'
import type { TraceSettings } from './trace-settings.ts'

/** A service's spans, where there is a collector; else null, and OpenTelemetry's SDK, 110 ms and 27 MB of it, is not even read. */
export async function loadSpans(
  settings: TraceSettings | null,
  service: string,
  log: ServiceLog,
): Promise<Spans | null> {
  if (!settings) return null
  const { createOtlpSpans } = await import('./otlp-spans.ts')
  return createOtlpSpans({ ...settings, service, log })
}
