import type { Plugin } from 'graphql-yoga'
import type { RoutedContext, RoutedRequest } from './routed-request.ts'

/** Answers the requests of one route. */
export type RouteHandler<Name extends string, Caller> = (
  request: Request,
  routed: RoutedRequest<Name, Caller>,
) => Response | Promise<Response>

/** Answers each route by its handler; null leaves it to graphql-yoga. A route without an entry does not compile. */
export function useRouteHandlers<Name extends string, Caller>(
  handlers: Readonly<Record<Name, RouteHandler<Name, Caller> | null>>,
): Plugin<Record<string, unknown>, RoutedContext<Name, Caller>> {
  return {
    async onRequest({ request, serverContext: { routed }, endResponse }) {
      const handler = handlers[routed.match.name]
      if (handler) endResponse(await handler(request, routed))
    },
  }
}
