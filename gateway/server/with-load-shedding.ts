import type { IncomingMessage, ServerResponse } from 'node:http'
import type { VerifiedViewer } from '../../schema/access-token.ts'
import { sendError } from '../../schema/service/error-response.ts'
import type { RoutedListener } from '../../schema/service/front-door.ts'
import type { GatewayRoute } from '../../schema/service/routes.ts'
import type { ConcurrencyLimiter } from './concurrency-limiter.ts'
import { overloadedFault } from './operation-gate.ts'

export interface LoadSheddingOptions {
  /** The operations' limiter; the operation gate acquires its slots. */
  readonly operations: { readonly limiter: ConcurrencyLimiter }
  /**
   * The document contents' limiter, apart from the operations', so that slow readers keep no operation out. A
   * connection without progress for `stallMs` is closed. @default 60,000 ms
   */
  readonly contents: { readonly limiter: ConcurrencyLimiter; readonly stallMs?: number }
  /** Receives the code of each refusal. @default nobody */
  readonly onRefused?: (code: string) => void
}

const maxStallMs = 60_000

/**
 * Refuses requests while every slot is taken, before their token or body is read: under tenfold load most of the time
 * is spent here.
 * Other routes, health among them, always pass.
 */
export function withLoadShedding(
  listener: RoutedListener<GatewayRoute, VerifiedViewer>,
  { operations, contents, onRefused = () => {} }: LoadSheddingOptions,
): RoutedListener<GatewayRoute, VerifiedViewer> {
  const refuse = (request: IncomingMessage, response: ServerResponse) => {
    onRefused(String(overloadedFault.extensions.code))
    sendError(request, response, overloadedFault)
  }
  return (request, response, routed) => {
    const { name } = routed.match
    if (name === 'graphql' && operations.limiter.isFull()) return refuse(request, response)
    if (name === 'document') {
      const release = contents.limiter.acquire()
      if (!release) return refuse(request, response)
      response.once('close', release)
      response.setTimeout(contents.stallMs ?? maxStallMs, () => response.destroy())
    }
    listener(request, response, routed)
  }
}
