import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** The connections of a server that is to end without cutting off a request. */
export interface ConnectionTracker {
  /** How many there have been. */
  readonly acceptedCount: number
  /** How many requests there have been, and how many are under way. */
  readonly requestCount: number
  readonly activeRequestCount: number
  /** From now on each answer is its connection's last and says so, those under way too where they have not begun: RFC 9112, 9.6. */
  closeAfterResponses(): void
  /** Ends those on which no request is under way, now and whenever an answer ends. */
  closeIdle(): void
  /** Refuses what has begun to arrive and is not whole, as node does one that takes too long; an answer that has begun goes on. */
  refuseIncomplete(): void
}

/** Watches a server's connections, from before its first. */
export function createConnectionTracker(server: Server): ConnectionTracker {
  const sockets = new Set<Socket>()
  const activeResponses = new Set<ServerResponse>()
  let acceptedCount = 0
  let requestCount = 0
  let ending: 'not' | 'with-answers' | 'idle-too' = 'not'

  server.on('connection', (socket) => {
    acceptedCount++
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  // First: the handler may answer at once.
  server.prependListener('request', (_, response) => {
    requestCount++
    if (ending !== 'not') response.shouldKeepAlive = false
    activeResponses.add(response)
    response.once('close', () => {
      activeResponses.delete(response)
      if (ending === 'idle-too') setImmediate(() => server.closeIdleConnections())
    })
  })

  return {
    get acceptedCount() {
      return acceptedCount
    },
    get requestCount() {
      return requestCount
    },
    get activeRequestCount() {
      return activeResponses.size
    },
    closeAfterResponses() {
      ending = 'with-answers'
      for (const response of activeResponses) response.shouldKeepAlive = false
    },
    closeIdle() {
      ending = 'idle-too'
      server.closeIdleConnections()
      // Node takes one that has sent nothing yet for busy.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
    },
    refuseIncomplete() {
      const whole = new Set(
        [...activeResponses].filter(({ req, headersSent }) => req.complete || headersSent).map(({ req }) => req.socket),
      )
      for (const socket of sockets)
        if (!whole.has(socket))
          server.emit(
            'clientError',
            Object.assign(new Error('Late request'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }),
            socket,
          )
    },
  }
}
