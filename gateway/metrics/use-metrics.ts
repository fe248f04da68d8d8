import type { Plugin } from 'graphql-yoga'
import type { GatewayMetrics } from './gateway-metrics.ts'

/** `GET /metrics` for Prometheus, without a token: who may reach it is the network's to say, and nothing of a patient is in it. */
export function useMetrics({ print }: Pick<GatewayMetrics, 'print'>): Plugin {
  return {
    async onRequest({ request, url, endResponse }) {
      if (url.pathname !== '/metrics' || request.method !== 'GET') return
      const { type, text } = await print()
      endResponse(new Response(text, { headers: { 'content-type': type, 'cache-control': 'no-store' } }))
    },
  }
}
