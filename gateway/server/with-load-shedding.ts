import type { IncomingMessage, ServerResponse } from 'node:http'
import type { VerifiedViewer } from '../../schema/access-token.ts'
import { sendError } from '../../schema/service/error-response.ts'
import type { RoutedListener } from '../../schema/service/front-door.ts'
import type { GatewayRoute } from '../../schema/service/routes.ts'
import type { ConcurrencyLimiter } from './concurrency-limiter.ts'
import { overloadedFault } from './operation-gate.ts'

export interface LoadSheddingOptions {
  /** Of operations, which take theirs at the entrance. */
  readonly operations: { readonly limiter: ConcurrencyLimiter }
  /** Of contents, each as long as it is sent: those who read slowly keep no operation out. Who takes no byte for `stallMs` is hung up on (default 60,000). */
  readonly contents: { readonly limiter: ConcurrencyLimiter; readonly stallMs?: number }
  /** Told the code of each refusal. @default nobody */
  readonly onRefused?: (code: string) => void
}

const maxStallMs = 60_000

/**
 * Refuses what comes while everything is busy at once, unread and unverified, before anything else is done for it: at ten times what the gateway
 * can do, most of its time goes here. All other routes, health among them, are let through.
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
