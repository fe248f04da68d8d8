import type { RouteHandler } from '../../schema/http/use-route-handlers.ts'
import type { GatewayMetrics } from './gateway-metrics.ts'

/** Answers Prometheus, without a token: who may reach it is the network's to say, and nothing of a patient is in it. */
export function createMetricsHandler({ print }: Pick<GatewayMetrics, 'print'>): RouteHandler<string, unknown> {
  return async () => {
    const { type, text } = await print()
    return new Response(text, { headers: { 'content-type': type, 'cache-control': 'no-store' } })
  }
}
