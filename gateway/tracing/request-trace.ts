import type { RequestObservation } from '../metrics/request-observation.ts'
import type { CallTrace, TracedCall } from '../regions/call-trace.ts'

/** One request's part in a trace. Instants are by performance.now. */
export interface RequestTrace extends CallTrace {
  readonly traceId: string
  /** A stage is over; of access rules, those of one region. */
  stage(stage: 'plan' | 'access rules' | 'audit', fromMs: number, toMs: number): void
  /** A region was waited for. `call`: by which it was heard, of this request or of another. */
  waited(region: string, status: string, fromMs: number, toMs: number, call?: TracedCall): void
  /** The answer to a GraphQL request begins. */
  answering(httpStatus: number): void
  /** The answer to a GraphQL request has left. */
  answered(observation: RequestObservation, operationType: string | null): void
  /** The answer to any other request begins. */
  responded(httpStatus: number): void
}
