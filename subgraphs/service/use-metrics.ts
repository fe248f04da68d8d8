import type { Plugin } from 'graphql-yoga'
import type { ServiceLog } from '../../schema/http/service-log.ts'
import type { ServiceMetrics } from './service-metrics.ts'

/** GET /metrics, for whoever can reach the store: numbers about the service, nothing of a record. Without metrics there is no such path. */
export function useMetrics(metrics: Pick<ServiceMetrics, 'print'> | undefined, log: ServiceLog): Plugin {
  const answer = async ({ print }: Pick<ServiceMetrics, 'print'>, { method }: Request): Promise<Response> => {
    if (method !== 'GET') return new Response(null, { status: 405, headers: { allow: 'GET' } })
    try {
      const { text, contentType } = await print()
      return new Response(text, { headers: { 'content-type': contentType, 'cache-control': 'no-store' } })
    } catch (error) {
      log('The metrics cannot be told', error)
      return new Response(null, { status: 503 })
    }
  }
  return {
    async onRequest({ request, url, endResponse }) {
      if (metrics && url.pathname === '/metrics') endResponse(await answer(metrics, request))
    },
  }
}
