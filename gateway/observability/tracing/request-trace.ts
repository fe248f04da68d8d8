import type { CallTrace, TracedCall } from '../../regions/region-wait-recorder.ts'
import type { RequestObservation } from '../metrics/request-observation.ts'

/** A trace of which nothing is recorded here: its headers are passed on to the regions. */
export class PropagatedTrace implements RequestTrace {
  readonly traceId: string
  readonly #call: TracedCall
  constructor(traceId: string, headers: TracedCall['headers']) {
    this.traceId = traceId
    this.#call = { headers, end() {} }
  }
  startCall(): TracedCall {
    return this.#call
  }
  recordStage(): void {}
  recordWait(): void {}
  setHttpStatus(): void {}
  endOperation(): void {}
  endRequest(): void {}
}

/** One request's part in a trace. Instants are by performance.now. */
export interface RequestTrace extends CallTrace {
  readonly traceId: string
  /** A stage is over; of access rules, those of one region. */
  recordStage(stage: 'plan' | 'access rules' | 'audit', fromMs: number, toMs: number): void
  /** Records a wait for a region. `call` is the call that brought its reply, of this request or of another. */
  recordWait(region: string, status: string, fromMs: number, toMs: number, call?: TracedCall): void
  /** The answer to a GraphQL request begins. */
  setHttpStatus(httpStatus: number): void
  /** The answer to a GraphQL request has left. */
  endOperation(observation: RequestObservation, operationType: string | null): void
  /** The answer to any other request begins. */
  endRequest(httpStatus: number): void
}
