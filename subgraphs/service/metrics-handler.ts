import type { ServiceLog } from '../../schema/service/service-log.ts'
import type { RouteHandler } from '../../schema/service/use-route-handlers.ts'
import type { ServiceMetrics } from './service-metrics.ts'

/** Answers any client that reaches the store: numbers about the service, nothing of a record. */
export function createMetricsHandler(
  { print }: Pick<ServiceMetrics, 'print'>,
  log: ServiceLog,
): RouteHandler<string, unknown> {
  return async () => {
    try {
      const { text, contentType } = await print()
      return new Response(text, { headers: { 'content-type': contentType, 'cache-control': 'no-store' } })
    } catch (error) {
      log('The metrics cannot be told', error)
      return new Response(null, { status: 503 })
    }
  }
}
