import type { ServiceLog } from '../../../schema/service/service-log.ts'
import type { StartTrace, TraceHeaders } from '../tracing/trace-starter.ts'
import type { ObserveRequest } from './request-observation.ts'
import { type ObservedView, type RecorderListener, RequestRecorder } from './request-recorder.ts'

export interface RequestObserverOptions {
  /** Told of each request whose answer has left. */
  readonly observers: readonly ObserveRequest[]
  /** Told of each request for a document's content that is answered. @default nobody */
  readonly contentObservers?: readonly ObserveRequest[]
  /** Told of each patient view. @default nobody */
  readonly onView?: (view: ObservedView) => void
  /** Told of each request that was refused, by its code. @default nobody */
  readonly onRefused?: (code: string) => void
  /** @default no request is traced */
  readonly startTrace?: StartTrace
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly log: ServiceLog
}

/** Begins what is noted of each request. */
export interface RequestObserver {
  /** A GraphQL request whose head was there then, by performance.now. */
  startRequest(arrivedMs: number, headers: TraceHeaders): RequestRecorder
  /** A request for a document's content was answered. */
  readonly observeContent: ObserveRequest
  /** A request was refused with this code of ours. */
  countRefusal(code: string): void
  /** Requests that are being answered. */
  readonly inFlight: number
}

export function createRequestObserver({
  observers,
  contentObservers = [],
  onView = () => {},
  onRefused = () => {},
  startTrace = () => null,
  now,
  log,
}: RequestObserverOptions): RequestObserver {
  let inFlight = 0
  /** An observer that fails takes no answer away. */
  const notify = (told: () => void) => {
    try {
      told()
    } catch (error) {
      log('A request could not be observed', error)
    }
  }
  const listener: RecorderListener = {
    onView: (view) => notify(() => onView(view)),
    onFinished(recorder) {
      inFlight--
      if (observers.length === 0 && !recorder.trace) return
      const observation = recorder.toObservation()
      notify(() => recorder.trace?.endOperation(observation, recorder.operationType))
      for (const told of observers) notify(() => told(observation))
    },
  }
  return {
    startRequest(arrivedMs, headers) {
      inFlight++
      return new RequestRecorder(listener, arrivedMs, now(), startTrace('POST', '/graphql', headers, arrivedMs))
    },
    observeContent(observation) {
      for (const one of contentObservers) notify(() => one(observation))
    },
    countRefusal: onRefused,
    get inFlight() {
      return inFlight
    },
  }
}
