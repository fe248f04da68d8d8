import type { ObserveRequest } from './request-observation.ts'
import { type ObservedView, type RecorderListener, RequestRecorder } from './request-recorder.ts'

export interface RequestObserverOptions {
  /** Told of each request whose answer has left. */
  readonly observe: readonly ObserveRequest[]
  /** Told of each patient view. @default nobody */
  readonly onView?: (view: ObservedView) => void
  /** Told of each request that was refused before work, by its code. @default nobody */
  readonly onRefused?: (code: string) => void
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Begins what is noted of each request. */
export interface RequestObserver {
  /** A request whose head was there then, by performance.now. */
  begin(arrivedMs: number): RequestRecorder
  /** A request was refused with this code of ours. */
  refused(code: string): void
  /** Requests that are being answered. */
  readonly inFlight: number
}

export function createRequestObserver({ observe, onView = () => {}, onRefused = () => {}, now }: RequestObserverOptions): RequestObserver {
  let inFlight = 0
  const listener: RecorderListener = {
    viewed: onView,
    finished(recorder) {
      inFlight--
      if (observe.length === 0) return
      const observation = recorder.observe()
      for (const told of observe) told(observation)
    },
  }
  return {
    begin(arrivedMs) {
      inFlight++
      return new RequestRecorder(listener, arrivedMs, now())
    },
    refused: onRefused,
    get inFlight() {
      return inFlight
    },
  }
}
