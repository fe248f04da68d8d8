import type { RouteHandler } from './use-route-handlers.ts'

/** Whether the service can answer now. */
export type ReadinessCheck = () => Promise<boolean>

/** Answers the health routes: `live` if the process answers, `ready` if it can do its work, else 503. */
export function createHealthHandlers(
  isReady: ReadinessCheck,
): Readonly<Record<'live' | 'ready', RouteHandler<string, unknown>>> {
  return {
    live: () => Response.json({ status: 'ok' }),
    async ready() {
      const ready = await isReady().catch(() => false)
      return Response.json({ status: ready ? 'ok' : 'unavailable' }, { status: ready ? 200 : 503 })
    },
  }
}
