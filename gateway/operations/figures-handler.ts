import type { RouteHandler } from '../../schema/http/use-route-handlers.ts'
import type { OperationsWatch } from './operations-watch.ts'

/** Answers the operations page's figures. Its route lets only those in who may operate the service. */
export function createFiguresHandler({ figures }: Pick<OperationsWatch, 'figures'>): RouteHandler<string, unknown> {
  return () => new Response(figures(), { headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' } })
}
