import type { IncomingMessage } from 'node:http'
import { fault } from '../../schema/graphql-errors.ts'
import { sendError } from '../../schema/service/error-response.ts'
import type { DecidedListener } from '../../schema/service/front-door.ts'
import type { GatewayRoute } from '../../schema/service/routes.ts'

export interface CorsOptions {
  /** Origins of other sites whose pages may send requests, as `https://viewer.nhs.uk`. */
  readonly origins: readonly string[]
  /** The gateway's own address, whose pages may always send requests. */
  readonly publicUrl?: string
  /** Receives the code of each refusal. @default nobody */
  readonly onRefused?: (code: string) => void
}

/**
 * Admits requests of pages from the listed origins (Fetch, CORS protocol) without cookies, and refuses those of all
 * other sites.
 * Simple requests are refused too, because a browser states the origin of every request to another site.
 */
export function withCors(
  listener: DecidedListener<GatewayRoute>,
  { origins, publicUrl, onRefused = () => {} }: CorsOptions,
): DecidedListener<GatewayRoute> {
  const allowedOrigins = new Set(origins)
  const ownOrigin = publicUrl === undefined ? null : new URL(publicUrl).origin
  return (request, response, decision) => {
    const { origin } = request.headers
    if (origin === undefined || origin === ownOrigin || isSameHost(origin, request))
      return listener(request, response, decision)
    if (!allowedOrigins.has(origin)) {
      onRefused('ORIGIN_NOT_ALLOWED')
      return sendError(
        request,
        response,
        fault('ORIGIN_NOT_ALLOWED', 'Expected a page of an origin that this gateway lets in (CORS_ORIGINS).', {
          status: 403,
        }),
      )
    }
    response.setHeader('access-control-allow-origin', origin)
    response.setHeader('vary', 'origin')
    response.setHeader('access-control-expose-headers', 'retry-after, content-range, etag, server-timing')
    // Lets the page read the browser's own timing of the answer (Resource Timing).
    response.setHeader('timing-allow-origin', origin)
    if (request.method !== 'OPTIONS' || decision.status === 'unknown') return listener(request, response, decision)
    response.writeHead(204, {
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization, content-type, range, traceparent, tracestate, x-plan',
      'access-control-max-age': '600',
    })
    response.end()
  }
}

/** Tells whether the page is the gateway's own, as the viewer reached it. */
function isSameHost(origin: string, { headers: { host } }: IncomingMessage): boolean {
  return URL.parse(origin)?.host === host
}
