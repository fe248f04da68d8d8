import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'

/** A request for records, as it comes past the proxy. */
export interface Exchange {
  /** GraphQL, with its variables, as JSON. */
  readonly body: string
  readonly response: ServerResponse
  readonly socket: Socket
  /** Whether its connection has carried a request before. */
  readonly isReused: boolean
  /** What the store itself answers, to this body or another. */
  storesAnswer(body?: string): Promise<string>
  /** Tells how many bytes of an answer have been handed to the network. */
  sent(bytes: number): void
}

/** What becomes of a request for records. Whatever it starts ends when the response closes. */
export type FaultAction = (exchange: Exchange) => void | Promise<void>

/**
 * A proxy in front of a record store, over real HTTP, that lets faults strike requests for records. All else passes.
 */
export interface FaultyRegion extends AsyncDisposable {
  readonly url: string
  /** Each of the next requests for records is struck, so many of them. */
  inject(strike: FaultAction, times?: number): void
  /** Takes no connections, and closes those that there are, until it is healed. */
  refuseConnections(): Promise<void>
  /** Everything passes again. */
  heal(): Promise<void>
  /** How many requests for records have come. */
  readonly calls: number
  /** Bytes of struck answers that were handed to the network. */
  readonly sentBytes: number
}

export async function startFaultyRegion(storeUrl: string): Promise<FaultyRegion> {
  const agent = new Agent({ keepAlive: true })
  const carried = new WeakMap<Socket, number>()
  let strike: FaultAction | null = null
  let strikesLeft = 0
  let calls = 0
  let sentBytes = 0

  const forward = (
    incoming: IncomingMessage,
    body: string | null,
    onAnswer: (answer: IncomingMessage) => void,
    onFailure: () => void,
  ) => {
    const headers = {
      ...incoming.headers,
      ...(body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    }
    const outgoing = request(
      new URL(incoming.url ?? '/', storeUrl),
      { method: incoming.method ?? 'GET', headers, agent },
      onAnswer,
    )
    outgoing.on('error', onFailure)
    if (body === null) incoming.pipe(outgoing)
    else outgoing.end(body)
    return outgoing
  }
  const pass = (incoming: IncomingMessage, response: ServerResponse, body: string | null) => {
    const outgoing = forward(
      incoming,
      body,
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(response)
      },
      () => response.destroy(),
    )
    response.on('close', () => outgoing.destroy())
  }

  const server = createServer(async (incoming, response) => {
    const { socket } = incoming
    const isReused = (carried.get(socket) ?? 0) > 0
    carried.set(socket, 1)
    if (incoming.url !== '/graphql') return pass(incoming, response, null)
    calls++
    const body = await text(incoming)
    if (!strike || strikesLeft <= 0) return pass(incoming, response, body)
    strikesLeft--
    const storesAnswer = (other = body) =>
      new Promise<string>((resolve, reject) => {
        forward(
          incoming,
          other,
          (answer) => resolve(text(answer)),
          () => reject(new Error('the store did not answer')),
        )
      })
    const sent = (bytes: number) => {
      sentBytes += bytes
    }
    try {
      await strike({ body, response, socket, isReused, storesAnswer, sent })
    } catch {
      // A store that does not answer, a fault that cannot be made: the caller is hung up on.
      response.destroy()
    }
  })
  server.on('connection', (socket) => socket.on('error', () => {}))
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  const hangUp = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  await listen(0)
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    inject(next, times = Number.POSITIVE_INFINITY) {
      strike = next
      strikesLeft = times
    },
    refuseConnections: hangUp,
    async heal() {
      strike = null
      if (!server.listening) await listen(port)
    },
    get calls() {
      return calls
    },
    get sentBytes() {
      return sentBytes
    },
    async [Symbol.asyncDispose]() {
      await hangUp()
      agent.destroy()
    },
  }
}
