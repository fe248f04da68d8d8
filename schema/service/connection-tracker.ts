import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Tracks a server's connections, so that it can close without cutting off a request. */
export interface ConnectionTracker {
  /** How many connections there have been. */
  readonly acceptedCount: number
  /** How many requests there have been, and how many are in flight. */
  readonly requestCount: number
  readonly activeRequestCount: number
  /** Makes every answer that has not begun its connection's last, and says so in its head (RFC 9112, section 9.6). */
  closeAfterResponses(): void
  /** Closes connections without a request in flight, now and whenever an answer ends. */
  closeIdle(): void
  /** Refuses requests that have not arrived whole, as node refuses slow ones. Answers that have begun continue. */
  refuseIncomplete(): void
}

/** Tracks a server's connections. It must be called before the first one. */
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
  // This listener comes first, because the handler may answer at once.
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
      // Node counts a connection that has sent nothing yet as busy.
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
