import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** The connections of a server that is to end without cutting off a request. */
export interface OpenConnections {
  /** How many there have been. */
  readonly taken: number
  /** How many requests there have been, and how many are under way. */
  readonly asked: number
  readonly answering: number
  /** From now on each answer is its connection's last and says so, those under way too where they have not begun: RFC 9112, 9.6. */
  endWithAnswers(): void
  /** Ends those on which no request is under way, now and whenever an answer ends. */
  endIdle(): void
  /** Refuses what has begun to arrive and is not whole, as node does one that takes too long; an answer that has begun goes on. */
  endArriving(): void
}

/** Watches a server's connections, from before its first. */
export function watchConnections(server: Server): OpenConnections {
  const sockets = new Set<Socket>()
  const answers = new Set<ServerResponse>()
  let taken = 0
  let asked = 0
  let ending: 'not' | 'with-answers' | 'idle-too' = 'not'

  server.on('connection', (socket) => {
    taken++
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  // First: the handler may answer at once.
  server.prependListener('request', (_, response) => {
    asked++
    if (ending !== 'not') response.shouldKeepAlive = false
    answers.add(response)
    response.once('close', () => {
      answers.delete(response)
      if (ending === 'idle-too') setImmediate(() => server.closeIdleConnections())
    })
  })

  return {
    get taken() {
      return taken
    },
    get asked() {
      return asked
    },
    get answering() {
      return answers.size
    },
    endWithAnswers() {
      ending = 'with-answers'
      for (const response of answers) response.shouldKeepAlive = false
    },
    endIdle() {
      ending = 'idle-too'
      server.closeIdleConnections()
      // Node takes one that has sent nothing yet for busy.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
    },
    endArriving() {
      const whole = new Set([...answers].filter(({ req, headersSent }) => req.complete || headersSent).map(({ req }) => req.socket))
      for (const socket of sockets) if (!whole.has(socket)) server.emit('clientError', Object.assign(new Error('Late request'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket)
    },
  }
}
