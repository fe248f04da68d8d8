import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { sendNodeResponse } from '@whatwg-node/server'
import type { GraphQLError } from 'graphql'
import { fault } from '../graphql-errors.ts'
import { sendError, toErrorResponse } from './error-response.ts'
import { normaliseTarget } from './request-target.ts'
import { type RoutedContext, RoutedRequest } from './routed-request.ts'
import type { RouteDecision, Router } from './router.ts'
import type { ServiceLog } from './service-log.ts'

/** Answers a request after routing. */
export type RoutedListener<Name extends string, Caller> = (
  request: IncomingMessage,
  response: ServerResponse,
  routed: RoutedRequest<Name, Caller>,
) => void

/** Is called with the routing decision before requests without a route are refused. */
export type DecidedListener<Name extends string> = (
  request: IncomingMessage,
  response: ServerResponse,
  decision: RouteDecision<Name>,
) => void

/** The server behind the routes: graphql-yoga. */
interface Server<Name extends string, Caller> {
  handleNodeRequestAndResponse(
    request: IncomingMessage,
    response: ServerResponse,
    context: RoutedContext<Name, Caller> & Sockets,
  ): Response | Promise<Response>
  handleRequest(request: Request, context: RoutedContext<Name, Caller>): Response | Promise<Response>
}

interface Sockets {
  readonly req: IncomingMessage
  readonly res: ServerResponse
}

export interface FrontDoorOptions<Name extends string, Caller> {
  readonly router: Router<Name>
  readonly server: Server<Name, Caller>
  readonly log: ServiceLog
  /** Returns the scheme and authority by which a request reached the service. @default plain http to its Host header */
  readonly toOrigin?: (request: IncomingMessage) => string
  /** Is called with the code of each refusal. @default no call */
  readonly onRefused?: (code: string) => void
}

/**
 * A service's entrance. It decides each request's route once and passes it on; a request without a route is refused
 * before its body is read.
 */
export interface FrontDoor<Name extends string, Caller> {
  /** Serves a request without a socket. */
  fetch(request: Request): Promise<Response>
  /** Reads the target and decides the route. Refuses a malformed target with 400. */
  decide(next: DecidedListener<Name>): RequestListener
  /** Refuses a request without a route, with 404 or 405. */
  route(next: RoutedListener<Name, Caller>): DecidedListener<Name>
  /** Answers by the server. A failure is logged and answered with 500, without its text. */
  readonly answer: RoutedListener<Name, Caller>
}

const malformed = fault('BAD_REQUEST', 'Expected a request target and a Host by RFC 9112, section 3.2.', {
  status: 400,
  headers: { connection: 'close' },
})
const internal = fault('INTERNAL', 'Something went wrong here; it has been recorded.', {
  status: 500,
  headers: { connection: 'close' },
})

export function createFrontDoor<Name extends string, Caller>({
  router,
  server,
  log,
  toOrigin = toHostOrigin,
  onRefused = () => {},
}: FrontDoorOptions<Name, Caller>): FrontDoor<Name, Caller> {
  const refused = (error: GraphQLError): GraphQLError => {
    onRefused(String(error.extensions.code))
    return error
  }
  const failed = (method: string | undefined, { match }: RoutedRequest<Name, Caller>, error: unknown) =>
    log(`A request failed: ${method} ${match.route.template}`, error)
  return {
    async fetch(request) {
      const { origin, pathname, search, hash } = new URL(request.url)
      const decision = router.decide(request.method, pathname)
      if (decision.status !== 'matched') return toErrorResponse(request, refused(toRefusal(decision)))
      const routed = new RoutedRequest<Name, Caller>(decision, origin)
      try {
        // Yoga matches its paths at the end of the whole url, the query included.
        return await server.handleRequest(
          search === '' && hash === '' ? request : new Request(`${origin}${pathname}`, request),
          { routed },
        )
      } catch (error) {
        failed(request.method, routed, error)
        return toErrorResponse(request, internal)
      }
    },
    decide: (next) => (request, response) => {
      if (normaliseTarget(request)) next(request, response, router.decide(request.method ?? '', request.url ?? ''))
      else sendError(request, response, refused(malformed))
    },
    route: (next) => (request, response, decision) => {
      if (decision.status === 'matched')
        return next(request, response, new RoutedRequest<Name, Caller>(decision, toOrigin(request)))
      if (hasBody(request)) response.setHeader('connection', 'close')
      sendError(request, response, refused(toRefusal(decision)))
    },
    async answer(request, response, routed) {
      try {
        const answered = await server.handleNodeRequestAndResponse(request, response, {
          req: request,
          res: response,
          routed,
        })
        await sendNodeResponse(answered, response, request, true)
      } catch (error) {
        if (response.destroyed) return
        failed(request.method, routed, error)
        if (response.headersSent) response.destroy()
        else sendError(request, response, internal)
      }
    },
  }
}

function toRefusal(decision: Exclude<RouteDecision<string>, { readonly status: 'matched' }>): GraphQLError {
  if (decision.status === 'unknown') return fault('NOT_FOUND', 'There is nothing at this path.', { status: 404 })
  return fault('METHOD_NOT_ALLOWED', `Expected ${decision.allow.replace(', ', ' or ')}.`, {
    status: 405,
    headers: { allow: decision.allow },
  })
}

function toHostOrigin({ headers: { host } }: IncomingMessage): string {
  return `http://${host}`
}

/** Whether a body follows the head (RFC 9112, section 6.3). It stays unread, so the connection cannot be reused. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
}
