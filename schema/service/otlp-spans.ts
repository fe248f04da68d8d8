import { setTimeout as delay } from 'node:timers/promises'
import { ROOT_CONTEXT, type SpanContext, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { ServiceLog } from './service-log.ts'
import type { Spans } from './spans.ts'
import type { TraceContext } from './trace-context.ts'
import type { TraceSettings } from './trace-settings.ts'

export interface OtlpSpansOptions extends TraceSettings {
  /** The resource attribute `service.name`. */
  readonly service: string
  readonly log: ServiceLog
  /** Longest time in milliseconds for which finished spans wait for their batch. @default 1000 */
  readonly sendEveryMs?: number
  /** Timeout of `close`, in milliseconds. @default 1000 */
  readonly closeMs?: number
}

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL }

/**
 * Creates spans with OpenTelemetry's SDK and exports them by OTLP as JSON over HTTP. Spans that the collector refuses
 * are dropped, and the first drop is logged.
 */
export function createOtlpSpans({
  collectorUrl,
  ratio,
  service,
  log,
  sendEveryMs = 1000,
  closeMs = 1000,
}: OtlpSpansOptions): Spans {
  // The provider is not registered globally, because two gateways in one process have one each.
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'share2care' }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    // Largest queue of finished spans; further ones are dropped.
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: logExportFailures(createExporter(collectorUrl), log),
        scheduledDelayMillis: sendEveryMs,
        maxQueueSize: 8192,
      }),
    ],
  })
  const tracer = provider.getTracer('share2care-gateway')
  return {
    startSpan({ name, kind, parent, isRemoteParent = false, startedAtMs, attributes = {}, link = null }) {
      const links = link ? [{ context: toSpanContext(link, true) }] : []
      const context = parent ? trace.setSpanContext(ROOT_CONTEXT, toSpanContext(parent, isRemoteParent)) : ROOT_CONTEXT
      const span = tracer.startSpan(
        name,
        { kind: kinds[kind], startTime: toHighResolutionTime(startedAtMs), attributes, links },
        context,
      )
      const { traceId, spanId, traceFlags: flags } = span.spanContext()
      return {
        context: { traceId, spanId, flags },
        end({ endedAtMs, name: newName, attributes: more = {}, errorType }) {
          if (newName !== undefined) span.updateName(newName)
          span.setAttributes(more)
          if (errorType !== undefined)
            span.setAttribute('error.type', errorType).setStatus({ code: SpanStatusCode.ERROR })
          span.end(toHighResolutionTime(endedAtMs))
        },
      }
    },
    async close() {
      const closed = provider.shutdown().catch(() => {})
      await Promise.race([closed, delay(closeMs, undefined, { ref: false })])
    },
  }
}

function createExporter(collectorUrl: string): SpanExporter {
  return new OTLPTraceExporter({ url: `${collectorUrl.replace(/\/$/, '')}/v1/traces`, timeoutMillis: 5000 })
}

/** Logs when the collector begins to refuse spans, once until it accepts them again. */
function logExportFailures(exporter: SpanExporter, log: ServiceLog): SpanExporter {
  let isTaken = true
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const wasTaken = isTaken
        isTaken = result.error === undefined && result.code === 0
        // The collector's text is left out, because it may quote what it received.
        if (wasTaken && !isTaken)
          log(
            'Traces are not taken by the collector (OTEL_EXPORTER_OTLP_ENDPOINT); they are lost until it takes them',
            new Error(causeOf(result.error)),
          )
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
  }
}

function causeOf(error: Error | undefined): string {
  return error && 'code' in error ? String(error.code) : (error?.name ?? 'unknown')
}

function toSpanContext({ traceId, spanId, flags }: TraceContext, isRemote: boolean): SpanContext {
  return { traceId, spanId, traceFlags: flags, isRemote }
}

/** An instant as seconds and nanoseconds, because the SDK takes smaller numbers for those of another clock. */
function toHighResolutionTime(ms: number): [number, number] {
  const seconds = Math.floor(ms / 1000)
  return [seconds, Math.floor((ms - seconds * 1000) * 1e6)]
}
