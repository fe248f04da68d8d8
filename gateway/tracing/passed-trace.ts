import type { TracedCall } from '../regions/call-trace.ts'
import type { RequestTrace } from './request-trace.ts'

/** A trace of which nothing is recorded here: its headers are passed on to the regions. */
export class PassedTrace implements RequestTrace {
  readonly traceId: string
  readonly #call: TracedCall
  constructor(traceId: string, headers: TracedCall['headers']) {
    this.traceId = traceId
    this.#call = { headers, ended() {} }
  }
  call(): TracedCall {
    return this.#call
  }
  stage(): void {}
  waited(): void {}
  answering(): void {}
  answered(): void {}
  responded(): void {}
}
