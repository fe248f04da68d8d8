import { createJsonLines, type DestinationStream, toStandardOutput } from '../../schema/http/json-lines.ts'
import type { ServedRequest } from './service-metrics.ts'

/** info: every request; warn: slow ones, and those that failed; error: none. As the gateway's. */
export type RequestLogLevel = 'info' | 'warn' | 'error'

export interface LogRequestsOptions {
  readonly level: RequestLogLevel
  /** A read or a publication that took longer is slow. */
  readonly slowMs: number
  /** @default standard output */
  readonly to?: DestinationStream
}

/** A JSON line for each request that is done: its root field, its status and milliseconds; never what was asked, for whom or by whom. */
export function logRequests({ level, slowMs, to = toStandardOutput() }: LogRequestsOptions): (request: ServedRequest) => void {
  const lines = createJsonLines(to)
  lines.level = level
  return (request) => {
    // A feed and a content last as long as they are listened to and read.
    const isSlow = request.durationMs > slowMs && (request.kind === 'read' || request.kind === 'publish')
    if (isSlow) lines.warn({ ...request, slow: true }, 'request')
    else if (request.status >= 500) lines.warn(request, 'request')
    else lines.info(request, 'request')
  }
}
