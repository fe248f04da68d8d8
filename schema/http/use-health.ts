import type { Plugin } from 'graphql-yoga'

/** Whether the service can answer now. */
export type ReadinessCheck = () => Promise<boolean>

/** /livez: the process answers. /readyz: it can do its work, else 503. */
export function useHealth(isReady: ReadinessCheck): Plugin {
  return {
    async onRequest({ url, endResponse }) {
      if (url.pathname === '/livez') endResponse(Response.json({ status: 'ok' }))
      if (url.pathname === '/readyz') {
        const ready = await isReady().catch(() => false)
        endResponse(Response.json({ status: ready ? 'ok' : 'unavailable' }, { status: ready ? 200 : 503 }))
      }
    },
  }
}
