import { z } from 'zod'
import { fraction, setting } from '../process/load-settings.ts'

/** Where traces are sent, and how many. */
export interface TraceSettings {
  /** The collector's address, without `/v1/traces`. */
  readonly collectorUrl: string
  /** Of the traces that begin here, the part that is sampled; others are as their parent says. */
  readonly ratio: number
}

/** The settings of TraceSettings, by OpenTelemetry's names. */
export const traceSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: setting("the http or https address of an OpenTelemetry collector's OTLP over HTTP", z.url({ protocol: /^https?$/ }).optional()),
  OTEL_TRACES_SAMPLER_ARG: setting('a number from 0 to 1', fraction.default(1)),
}

/** Null: nothing is sent. */
export function toTraceSettings(settings: { readonly OTEL_EXPORTER_OTLP_ENDPOINT: string | undefined; readonly OTEL_TRACES_SAMPLER_ARG: number }): TraceSettings | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl, OTEL_TRACES_SAMPLER_ARG: ratio } = settings
  return collectorUrl === undefined ? null : { collectorUrl, ratio }
}
