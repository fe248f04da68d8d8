import { type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { GraphQLError } from 'graphql'
import { fault } from '../graphql-errors.ts'
import { toErrorBody } from './error-response.ts'

/**
 * Answers with a fault what node cannot parse as a request (cut off while arriving, head too long, not HTTP), and
 * closes the connection.
 */
export function answerClientErrors(server: Server): void {
  const last = new WeakMap<Socket, ServerResponse>()
  server.on('request', ({ socket }, response) => last.set(socket, response))
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const response = last.get(socket)
    // An answer that has begun must not be continued with another one.
    const isAnswering = response?.headersSent && !response.writableFinished
    if (isAnswering || !socket.writable || error.code === 'ECONNRESET') socket.destroy()
    else socket.end(printResponse(statusByErrorCode[error.code ?? ''] ?? 400), () => socket.destroy())
  })
  // Node makes no request of a tunnel (CONNECT) and, without a listener, closes its connection without an answer.
  server.on('connect', (_, socket) => {
    socket.on('error', () => {})
    socket.end(printResponse(400), () => socket.destroy())
  })
}

type Status = 400 | 408 | 431

const statusByErrorCode: Readonly<Record<string, Status>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 }

const faults: Readonly<Record<Status, GraphQLError>> = {
  400: fault('BAD_REQUEST', 'Expected a request in HTTP/1.1.'),
  408: fault('REQUEST_TIMEOUT', 'Expected the whole request in less time.'),
  431: fault('HEADERS_TOO_LARGE', 'Expected headers of at most 16 kB.'),
}

function printResponse(status: Status): string {
  const { type, text } = toErrorBody(null, faults[status])
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-type: ${type}`,
    `content-length: ${Buffer.byteLength(text)}`,
    'cache-control: no-store',
    'connection: close',
  ]
  return `${head.join('\r\n')}\r\n\r\n${text}`
}
