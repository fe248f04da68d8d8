import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { changesPath } from '../../../schema/change-event.ts'

/** What a store hears of the trace in which it is asked. */
export interface HeardHeaders {
  readonly path: string
  readonly traceparent: string | undefined
  readonly tracestate: string | undefined
}

/** A wire to a region's store on which what it is asked is heard, and may be answered otherwise. */
export interface HeardRegion extends AsyncDisposable {
  readonly url: string
  /** Of all requests but the change feed, in order. */
  readonly heard: HeardHeaders[]
  /** The status that the next request for records is answered with in place of the store's answer; null: the store's. */
  nextStatus: number | null
  /** What requests for records wait for before they reach the store. */
  gate: Promise<void>
}

export async function hearRegion(target: string): Promise<HeardRegion> {
  const forward = (incoming: IncomingMessage, answer: ServerResponse) => {
    const { method, url, headers } = incoming
    const outgoing = request(new URL(url ?? '/', target), { method: method ?? 'GET', headers }, (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.headers)
      answered.on('error', () => answer.destroy()).pipe(answer)
    })
    outgoing.on('error', () => answer.destroy())
    answer.on('close', () => outgoing.destroy())
    incoming.pipe(outgoing)
  }
  const server = createServer(async (incoming, answer) => {
    const { url = '', headers } = incoming
    if (url === changesPath) return forward(incoming, answer)
    heard.heard.push({ path: url, traceparent: headers.traceparent as string | undefined, tracestate: headers.tracestate as string | undefined })
    if (url !== '/graphql') return forward(incoming, answer)
    const status = heard.nextStatus
    heard.nextStatus = null
    if (status !== null) return void incoming.resume().on('end', () => answer.writeHead(status, { 'content-type': 'application/json' }).end('{}'))
    await heard.gate
    forward(incoming, answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const heard: HeardRegion = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: [],
    nextStatus: null,
    gate: Promise.resolve(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return heard
}
