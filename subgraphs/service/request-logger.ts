import { createJsonLogger, type DestinationStream, openStandardOutput } from '../../schema/service/json-logger.ts'
import type { RequestLogSettings } from '../../schema/service/request-log-settings.ts'
import type { ServedRequest } from './service-metrics.ts'

export interface RequestLoggerOptions extends RequestLogSettings {
  /** @default standard output */
  readonly to?: DestinationStream
}

/**
 * Logs a JSON line for each finished request: root field, status and milliseconds; never what was asked, about whom or
 * by whom.
 */
export function createRequestLogger({
  level,
  slowMs,
  to = openStandardOutput(),
}: RequestLoggerOptions): (request: ServedRequest) => void {
  const lines = createJsonLogger(to)
  lines.level = level
  return (request) => {
    // A feed and a content last as long as their client reads, so they are never slow.
    const isSlow = request.durationMs > slowMs && (request.kind === 'read' || request.kind === 'publish')
    if (isSlow) lines.warn({ ...request, slow: true }, 'request')
    else if (request.status >= 500) lines.warn(request, 'request')
    else lines.info(request, 'request')
  }
}
