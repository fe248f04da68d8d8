/** The trace of the request for which a region is called. */
export interface CallTrace {
  /** A call is about to be sent. */
  call(call: TracedStart): TracedCall
}

export interface TracedStart {
  /** RegionCode. */
  readonly region: string
  readonly url: string
  readonly method: 'GET' | 'POST'
  /** Without what stands in it of a request. */
  readonly path: '/graphql' | '/content/{id}'
  /** How often the same was sent before. */
  readonly resends: number
}

/** One call over the network. */
export interface TracedCall {
  /** To be sent with it. */
  readonly headers: Readonly<Record<string, string>>
  /** `outcome`: REPLIED or the region's failure; `httpStatus`: null where there was none, or it is not known; `atMs` by performance.now. */
  ended(outcome: string, httpStatus: number | null, atMs: number): void
}
