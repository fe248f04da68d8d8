import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A response, of which a burst needs no more. */
export interface RawResponse {
  readonly status: number
  readonly head: string
}

/**
 * Sends requests that are text already, each on a connection that is free or a new one. Rejects where no whole response
 * comes.
 */
export interface RawClient {
  send(request: string): Promise<RawResponse>
  /** Opens so many connections, to be free when they are needed. */
  open(count: number): Promise<void>
  close(): void
}

/**
 * The least that a client can be: a library's pool takes more processor time than the server that refuses, and looks
 * through all of its thousands of connections for a free one. Responses have a content-length.
 */
export function createRawClient(url: string): RawClient {
  const { hostname, port } = new URL(url)
  const free: Connection[] = []
  const open = new Set<Connection>()
  const openConnection = (): Connection => {
    const socket = connect(Number(port), hostname).setNoDelay(true)
    const connection: Connection = { socket, heard: [], waiting: null }
    open.add(connection)
    const end = (cause: Error) => {
      open.delete(connection)
      connection.waiting?.reject(cause)
      connection.waiting = null
    }
    socket.on('error', end)
    socket.on('close', () => end(new Error('closed before the response was there')))
    socket.on('data', (chunk: Buffer) => {
      connection.heard.push(chunk)
      const response = toResponse(connection.heard)
      if (!response) return
      connection.heard.length = 0
      connection.waiting?.resolve(response)
      connection.waiting = null
      if (!/^connection: close/im.test(response.head)) free.push(connection)
    })
    return connection
  }
  return {
    send(request) {
      let connection = free.pop()
      while (connection?.socket.destroyed) connection = free.pop()
      const used = connection ?? openConnection()
      return new Promise((resolve, reject) => {
        used.waiting = { resolve, reject }
        used.socket.write(request)
      })
    },
    async open(count) {
      const opened = Array.from({ length: count }, openConnection)
      await Promise.all(opened.map(({ socket }) => once(socket, 'connect')))
      free.push(...opened)
    },
    close() {
      for (const { socket } of open) socket.destroy()
    },
  }
}

interface Connection {
  readonly socket: Socket
  readonly heard: Buffer[]
  waiting: { resolve(response: RawResponse): void; reject(cause: Error): void } | null
}

/** The response, when it is whole. */
function toResponse(heard: readonly Buffer[]): RawResponse | null {
  const [start] = heard
  const headEnd = start?.indexOf('\r\n\r\n') ?? -1
  if (!start || headEnd < 0) return null
  const head = start.toString('latin1', 0, headEnd)
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
  const size = heard.reduce((sum, { length }) => sum + length, 0)
  return size >= headEnd + 4 + length ? { status: Number(head.slice(9, 12)), head } : null
}
