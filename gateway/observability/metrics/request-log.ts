import { createJsonLogger, type DestinationStream, openStandardOutput } from '../../../schema/service/json-logger.ts'
import type { RequestLogSettings } from '../../../schema/service/request-log-settings.ts'
import type { ObserveRequest, RequestObservation } from './request-observation.ts'

export interface RequestLogOptions extends RequestLogSettings {
  /** @default standard output */
  readonly to?: DestinationStream
}

/**
 * A JSON line for each request: its id as on the audit trail, the published operation's name, statuses, the code of its
 * error, and milliseconds; of a slow one, where most of the time went.
 */
export function createRequestLog({ level, slowMs, to = openStandardOutput() }: RequestLogOptions): ObserveRequest {
  const lines = createJsonLogger(to)
  lines.level = level
  return (observation) => {
    const isSlow = observation.durationMs > slowMs
    const isWarning = isSlow || observation.outcome === 'FAILED'
    if (level === 'error' || (level === 'warn' && !isWarning)) return
    const line = toLine(observation)
    if (isWarning) lines.warn(isSlow ? { ...line, slow: true, mostIn: findLongest(observation) } : line, 'request')
    else lines.info(line, 'request')
  }
}

function toLine({
  requestId,
  traceId,
  operation,
  outcome,
  code,
  durationMs,
  gatewayMs,
  stages,
  regions,
}: RequestObservation) {
  return {
    requestId,
    ...(traceId === undefined ? {} : { traceId }),
    operation,
    outcome,
    ...(code === undefined ? {} : { code }),
    durationMs: round(durationMs),
    gatewayMs: round(gatewayMs),
    planMs: round(stages.planMs),
    accessMs: round(stages.accessMs),
    regionsMs: round(stages.regionsMs),
    assembleMs: round(stages.assembleMs),
    auditMs: round(stages.auditMs),
    regions: regions.map(({ region, status, waitMs, fromCache }) => ({
      region,
      status,
      waitMs: round(waitMs),
      fromCache,
    })),
  }
}

/** The region or the stage that took longest. */
function findLongest({ stages, regions }: RequestObservation): string {
  const { regionsMs: _, ...own } = stages
  const times = [
    ...regions.map(({ region, waitMs }) => [region, waitMs] as const),
    ...Object.entries(own).map(([stage, ms]) => [stage.replace('Ms', ''), ms] as const),
  ]
  return times.reduce((longest, one) => (one[1] > longest[1] ? one : longest))[0]
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
