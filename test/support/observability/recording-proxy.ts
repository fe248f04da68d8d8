import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { changesPath } from '../../../schema/change-event.ts'
import { forwardRequest } from '../http/forward-request.ts'

/** What a store hears of the trace in which it is asked. */
export interface RecordedHeaders {
  readonly path: string
  readonly traceparent: string | undefined
  readonly tracestate: string | undefined
}

/** A wire to a region's store on which what it is asked is heard, and may be answered otherwise. */
export interface RecordingProxy extends AsyncDisposable {
  readonly url: string
  /** Of all requests but the change feed, in order. */
  readonly requests: RecordedHeaders[]
  /**
   * The status that the next request for records is answered with in place of the store's answer; null: the store's.
   */
  nextStatus: number | null
  /** What requests for records wait for before they reach the store. */
  gate: Promise<void>
}

export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const server = createServer(async (incoming, answer) => {
    const { url = '', headers } = incoming
    if (url === changesPath) return forwardRequest(incoming, answer, target)
    heard.requests.push({
      path: url,
      traceparent: headers.traceparent as string | undefined,
      tracestate: headers.tracestate as string | undefined,
    })
    if (url !== '/graphql') return forwardRequest(incoming, answer, target)
    const status = heard.nextStatus
    heard.nextStatus = null
    if (status !== null)
      return void incoming
        .resume()
        .on('end', () => answer.writeHead(status, { 'content-type': 'application/json' }).end('{}'))
    await heard.gate
    forwardRequest(incoming, answer, target)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const heard: RecordingProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    nextStatus: null,
    gate: Promise.resolve(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return heard
}
