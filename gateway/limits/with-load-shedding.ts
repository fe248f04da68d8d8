import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RoutedListener } from '../../schema/http/front-door.ts'
import type { GatewayRoute } from '../../schema/http/routes.ts'
import { sendError } from '../../schema/http/send-error.ts'
import type { VerifiedViewer } from '../http/use-bearer-token.ts'
import { overloaded } from './entrance.ts'
import type { Places } from './places.ts'

export interface LoadSheddingOptions {
  /** Of operations, which take theirs at the entrance. */
  readonly operations: { readonly places: Places }
  /** Of contents, each as long as it is sent: those who read slowly keep no operation out. Who takes no byte for `stallMs` is hung up on (default 60,000). */
  readonly contents: { readonly places: Places; readonly stallMs?: number }
  /** Told the code of each refusal. @default nobody */
  readonly onRefused?: (code: string) => void
}

const longestStallMs = 60_000

/**
 * Refuses what comes while everything is busy at once, unread and unverified, before anything else is done for it: at ten times what the gateway
 * can do, most of its time goes here. All other routes, health among them, are let through.
 */
export function withLoadShedding(
  listener: RoutedListener<GatewayRoute, VerifiedViewer>,
  { operations, contents, onRefused = () => {} }: LoadSheddingOptions,
): RoutedListener<GatewayRoute, VerifiedViewer> {
  const refuse = (request: IncomingMessage, response: ServerResponse) => {
    onRefused(String(overloaded.extensions.code))
    sendError(request, response, overloaded)
  }
  return (request, response, visit) => {
    const { name } = visit.match
    if (name === 'graphql' && operations.places.isFull()) return refuse(request, response)
    if (name === 'document') {
      const leave = contents.places.take()
      if (!leave) return refuse(request, response)
      response.once('close', leave)
      response.setTimeout(contents.stallMs ?? longestStallMs, () => response.destroy())
    }
    listener(request, response, visit)
  }
}
