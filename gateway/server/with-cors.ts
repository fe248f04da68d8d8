import type { IncomingMessage } from 'node:http'
import { fault } from '../../schema/graphql-errors.ts'
import { sendError } from '../../schema/service/error-response.ts'
import type { DecidedListener } from '../../schema/service/front-door.ts'
import type { GatewayRoute } from '../../schema/service/routes.ts'

export interface CorsOptions {
  /** Origins of other sites whose pages may ask, as `https://viewer.nhs.uk`. */
  readonly origins: readonly string[]
  /** The gateway's own address; its pages may. */
  readonly publicUrl?: string
  /** Told the code of each refusal. @default nobody */
  readonly onRefused?: (code: string) => void
}

/**
 * Lets pages of the listed origins ask (Fetch, CORS protocol), without cookies, and refuses those of all others, simple requests too: a browser
 * says of every request to another site whose page sends it.
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
    // What the browser itself measured of the answer, beside server-timing (Resource Timing).
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

/** Whether a page is the gateway's own, as the viewer reached it. */
function isSameHost(origin: string, { headers: { host } }: IncomingMessage): boolean {
  return URL.parse(origin)?.host === host
}
