import type { Plugin } from 'graphql-yoga'
import type { RoutedContext, RoutedRequest } from './routed-request.ts'

/** Answers the requests of one route. */
export type RouteHandler<Name extends string, Caller> = (
  request: Request,
  routed: RoutedRequest<Name, Caller>,
) => Response | Promise<Response>

/** A handler for every route of a service; null leaves the route to graphql-yoga. */
export type RouteHandlers<Name extends string, Caller> = Readonly<Record<Name, RouteHandler<Name, Caller> | null>>

/** Answers each route by its handler. A route without an entry does not compile. */
export function useRouteHandlers<Name extends string, Caller>(
  handlers: RouteHandlers<Name, Caller>,
): Plugin<Record<string, unknown>, RoutedContext<Name, Caller>> {
  return {
    async onRequest({ request, serverContext: { routed }, endResponse }) {
      const handler = handlers[routed.match.name]
      if (handler) endResponse(await handler(request, routed))
    },
  }
}
