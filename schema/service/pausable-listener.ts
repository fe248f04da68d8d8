import type { RequestListener } from 'node:http'

/** A handler that can be made to wait: what is asked meanwhile is handled, in order, when it is let go. */
export interface PausableListener {
  readonly handle: RequestListener
  /** How many requests wait. */
  readonly waitingCount: number
  pause(): void
  resume(): void
}

export function createPausableListener(handler: RequestListener): PausableListener {
  let waiting: Parameters<RequestListener>[] | null = null
  return {
    handle: (request, response) => {
      if (waiting) waiting.push([request, response])
      else handler(request, response)
    },
    get waitingCount() {
      return waiting?.length ?? 0
    },
    pause() {
      waiting ??= []
    },
    resume() {
      const held = waiting ?? []
      waiting = null
      for (const one of held) handler(...one)
    },
  }
}
