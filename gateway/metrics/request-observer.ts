import type { ServiceLog } from '../../schema/http/service-log.ts'
import type { BeginTrace, TraceHeaders } from '../tracing/request-traces.ts'
import type { ObserveRequest } from './request-observation.ts'
import { type ObservedView, type RecorderListener, RequestRecorder } from './request-recorder.ts'

export interface RequestObserverOptions {
  /** Told of each request whose answer has left. */
  readonly observe: readonly ObserveRequest[]
  /** Told of each request for a document's content that is answered. @default nobody */
  readonly onContent?: readonly ObserveRequest[]
  /** Told of each patient view. @default nobody */
  readonly onView?: (view: ObservedView) => void
  /** Told of each request that was refused, by its code. @default nobody */
  readonly onRefused?: (code: string) => void
  /** @default no request is traced */
  readonly beginTrace?: BeginTrace
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly log: ServiceLog
}

/** Begins what is noted of each request. */
export interface RequestObserver {
  /** A GraphQL request whose head was there then, by performance.now. */
  begin(arrivedMs: number, headers: TraceHeaders): RequestRecorder
  /** A request for a document's content was answered. */
  readonly told: ObserveRequest
  /** A request was refused with this code of ours. */
  refused(code: string): void
  /** Requests that are being answered. */
  readonly inFlight: number
}

export function createRequestObserver({
  observe,
  onContent = [],
  onView = () => {},
  onRefused = () => {},
  beginTrace = () => null,
  now,
  log,
}: RequestObserverOptions): RequestObserver {
  let inFlight = 0
  /** An observer that fails takes no answer away. */
  const tell = (told: () => void) => {
    try {
      told()
    } catch (error) {
      log('A request could not be observed', error)
    }
  }
  const listener: RecorderListener = {
    viewed: (view) => tell(() => onView(view)),
    finished(recorder) {
      inFlight--
      if (observe.length === 0 && !recorder.trace) return
      const observation = recorder.observe()
      tell(() => recorder.trace?.answered(observation, recorder.operationType))
      for (const told of observe) tell(() => told(observation))
    },
  }
  return {
    begin(arrivedMs, headers) {
      inFlight++
      return new RequestRecorder(listener, arrivedMs, now(), beginTrace('POST', '/graphql', headers, arrivedMs))
    },
    told(observation) {
      for (const one of onContent) tell(() => one(observation))
    },
    refused: onRefused,
    get inFlight() {
      return inFlight
    },
  }
}
