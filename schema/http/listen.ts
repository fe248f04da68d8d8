import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Server, type ListenOptions as SocketOptions } from 'node:net'
import { StartRefused } from '../process/start-refused.ts'
import { refuseConnections } from './refuse-connections.ts'

export interface ListenOptions {
  /** 0: one that is free. */
  readonly port: number
  /** @default 127.0.0.1 */
  readonly host?: string
  /** How long a request may take to arrive, its head and its body. @default 300,000 */
  readonly arrivalMs?: number
  /** Connections that may be accepted in one round of the event loop; more than one on Linux alone. @default 1 */
  readonly acceptors?: number
}

export interface Listening extends AsyncDisposable {
  readonly url: string
  /** Takes no new connections, lets requests in flight end. */
  close(): Promise<void>
}

/** A port on which something else listens already. */
export class PortTaken extends StartRefused {
  readonly code = 'PORT_TAKEN'
  constructor(host: string, port: number) {
    super(`PORT: expected ${host}:${port} to be free, found another process listening there`)
  }
}

const refusals: Readonly<Record<string, (host: string, port: number) => StartRefused>> = {
  EADDRINUSE: (host, port) => new PortTaken(host, port),
  EACCES: (_, port) => new StartRefused(`PORT: expected one that this user may listen on, found ${port}`),
  EADDRNOTAVAIL: (host) => new StartRefused(`HOST: expected an address of this machine, found ${JSON.stringify(host)}`),
  ENOTFOUND: (host) => new StartRefused(`HOST: expected an address of this machine, found ${JSON.stringify(host)}`),
}

// Longer than a client's pool keeps its connections, so that none is reused just as we close it.
const keepAliveMs = 65_000

// Connections that wait to be accepted. Of more than node's 511, a burst's would be dropped, and tried again by the client after a second or more.
const mostWaiting = 4096

/** Serves over HTTP. Rejects with StartRefused where it cannot listen, which is PortTaken when another process does. */
export async function listen(handler: RequestListener, { port, host = '127.0.0.1', arrivalMs = 300_000, acceptors = 1 }: ListenOptions): Promise<Listening> {
  const server = createServer(
    { keepAliveTimeout: keepAliveMs, requestTimeout: arrivalMs, headersTimeout: Math.min(arrivalMs, 60_000), connectionsCheckingInterval: Math.min(arrivalMs, 1000) },
    handler,
  )
  refuseConnections(server)
  let closing = false
  // A connection whose request ends while we close would be kept alive, and the server open with it.
  server.on('request', (_, response) =>
    response.once('close', () => {
      if (closing) setImmediate(() => server.closeIdleConnections())
    }),
  )
  await start(server, { port, host })
  const { port: bound } = server.address() as AddressInfo
  const others = await addAcceptors(server, process.platform === 'linux' ? acceptors - 1 : 0, { port: bound, host })
  const close = async () => {
    if (!server.listening) return
    closing = true
    await Promise.all([server, ...others].map(stop))
  }
  return { url: `http://${host}:${bound}`, close, [Symbol.asyncDispose]: close }
}

/**
 * More sockets on the server's port, whose connections are the server's. libuv (1.52) accepts one connection of a socket in each round of the event loop;
 * under load, when rounds are long, those who connect would wait for seconds, and what they then ask be answered too late.
 */
async function addAcceptors(server: Server, count: number, { port, host }: { readonly port: number; readonly host: string }): Promise<readonly Server[]> {
  if (count < 1) return []
  // It has the port for itself, so nothing else listens there; now it shares it, which all have to say.
  await stop(server)
  const others = Array.from({ length: count }, () => createSocketServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket)))
  for (const one of [server, ...others]) await start(one, { port, host, reusePort: true })
  return others
}

async function start(server: Server, where: SocketOptions & { readonly port: number; readonly host: string }): Promise<void> {
  server.listen({ ...where, backlog: mostWaiting })
  await once(server, 'listening').catch((cause) => {
    throw refusals[cause.code]?.(where.host, where.port) ?? cause
  })
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  await closed
}
