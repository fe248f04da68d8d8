import { fraction, nonBlankText, setting } from './load-settings.ts'
import type { Mode } from './mode.ts'
import { toServiceAddress } from './service-address.ts'

/** Where traces are exported, and how many. */
export interface TraceSettings {
  /** The collector's address, without `/v1/traces`. */
  readonly collectorUrl: string
  /** Fraction of the traces beginning here that is sampled; the parent decides for others. */
  readonly ratio: number
}

const collector = "the http or https address of an OpenTelemetry collector's OTLP over HTTP"

/** The environment variables of TraceSettings, by OpenTelemetry's names. */
export const traceSettings = (mode: Mode) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(
    collector,
    nonBlankText.optional(),
    {
      description:
        'Address of an OpenTelemetry collector (OTLP over HTTP, without `/v1/traces`) that receives spans; https unless it is on this machine.',
      example: 'http://127.0.0.1:4318',
      fallback: 'no spans are recorded',
    },
    (text) => (text === undefined ? undefined : toServiceAddress(text, mode, collector)),
  ),
  OTEL_TRACES_SAMPLER_ARG: setting('a number from 0 to 1', fraction.default(1), {
    description: 'Part of the traces beginning here that is sampled, from 0 to 1; other traces follow their parent.',
    example: '0.1',
  }),
})

/** Null if nothing is exported. */
export function toTraceSettings(settings: {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT: string | undefined
  readonly OTEL_TRACES_SAMPLER_ARG: number
}): TraceSettings | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl, OTEL_TRACES_SAMPLER_ARG: ratio } = settings
  return collectorUrl === undefined ? null : { collectorUrl, ratio }
}
