import type { RequestListener } from 'node:http'

/** A request handler that can be paused. Requests that arrive meanwhile are handled in order when it resumes. */
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
