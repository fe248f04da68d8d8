import type { Plugin } from 'graphql-yoga'
import type { Visit, Visited } from './visit.ts'

/** Answers the requests of one route. */
export type RouteHandler<Name extends string, Caller> = (request: Request, visit: Visit<Name, Caller>) => Response | Promise<Response>

/** Answers each route by its handler; null: graphql-yoga answers it. The table's type makes a route without either an error. */
export function useRouteHandlers<Name extends string, Caller>(
  handlers: Readonly<Record<Name, RouteHandler<Name, Caller> | null>>,
): Plugin<Record<string, unknown>, Visited<Name, Caller>> {
  return {
    async onRequest({ request, serverContext: { visit }, endResponse }) {
      const handler = handlers[visit.match.name]
      if (handler) endResponse(await handler(request, visit))
    },
  }
}
