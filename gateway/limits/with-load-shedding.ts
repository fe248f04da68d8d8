import type { RequestListener } from 'node:http'
import { sendError } from '../../schema/http/send-error.ts'
import { overloaded } from './entrance.ts'
import type { Places } from './places.ts'

export interface LoadSheddingOptions {
  /** Of operations, which take theirs at the entrance. */
  readonly operations: { readonly path: string; readonly places: Places }
  /** Of contents, each as long as it is sent: those who read slowly keep no operation out. Who takes no byte for `stallMs` is hung up on (default 60,000). */
  readonly contents: { readonly path: string; readonly places: Places; readonly stallMs?: number }
  /** Told the code of each refusal. @default nobody */
  readonly onRefused?: (code: string) => void
}

const longestStallMs = 60_000

/**
 * Refuses what comes while everything is busy at once, unread and unverified, before anything else is done for it: at ten times what the gateway
 * can do, most of its time goes here. All other paths, health among them, are let through.
 */
export function withLoadShedding(listener: RequestListener, { operations, contents, onRefused = () => {} }: LoadSheddingOptions): RequestListener {
  const refuse: RequestListener = (request, response) => {
    onRefused(String(overloaded.extensions.code))
    sendError(request, response, overloaded)
  }
  return (request, response) => {
    const { url = '', method } = request
    if (method === 'POST' && url === operations.path && operations.places.isFull()) return refuse(request, response)
    if (url.startsWith(contents.path)) {
      const leave = contents.places.take()
      if (!leave) return refuse(request, response)
      response.once('close', leave)
      response.setTimeout(contents.stallMs ?? longestStallMs, () => response.destroy())
    }
    listener(request, response)
  }
}
