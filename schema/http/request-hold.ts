import type { RequestListener } from 'node:http'

/** A handler that can be made to wait: what is asked meanwhile is handled, in order, when it is let go. */
export interface RequestHold {
  readonly handle: RequestListener
  /** How many requests wait. */
  readonly held: number
  hold(): void
  release(): void
}

export function createRequestHold(handler: RequestListener): RequestHold {
  let waiting: Parameters<RequestListener>[] | null = null
  return {
    handle: (request, response) => {
      if (waiting) waiting.push([request, response])
      else handler(request, response)
    },
    get held() {
      return waiting?.length ?? 0
    },
    hold() {
      waiting ??= []
    },
    release() {
      const held = waiting ?? []
      waiting = null
      for (const one of held) handler(...one)
    },
  }
}
