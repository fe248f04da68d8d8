import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import {
  type AddressInfo,
  createServer as createSocketServer,
  Server as NetServer,
  type ListenOptions as SocketOptions,
} from 'node:net'
import { setTimeout as delay, setImmediate as nextRound } from 'node:timers/promises'
import { answerClientErrors } from './answer-client-errors.ts'
import { type ConnectionTracker, createConnectionTracker } from './connection-tracker.ts'
import { isSystemError } from './load-file.ts'
import { createPausableListener, type PausableListener } from './pausable-listener.ts'
import { StartupError } from './startup-error.ts'

export interface ListenOptions {
  /** TCP port; 0 takes a free one. */
  readonly port: number
  /** @default 127.0.0.1 */
  readonly host?: string
  /** Longest time for a request to arrive, head and body, in milliseconds. @default 300,000 */
  readonly arrivalMs?: number
  /** Most connections accepted in one turn of the event loop; more than one on Linux only. @default 1 */
  readonly acceptors?: number
}

export interface CloseOptions {
  /**
   * Milliseconds for which new connections are still accepted, so that a load balancer first sees /readyz fail.
   * @default 0
   */
  readonly drainMs?: number
  /**
   * Milliseconds after that for a keep-alive connection to bring a request that its client may be writing. @default 0
   */
  readonly idleMs?: number
  /** Milliseconds after that for a head or body to arrive before it is refused with 408. @default 2000 */
  readonly arrivingMs?: number
}

export interface Listening extends AsyncDisposable {
  readonly url: string
  /**
   * Stops accepting connections, answers every request that arrived, and closes each connection after its answer.
   * Resolves when all are closed.
   */
  close(options?: CloseOptions): Promise<void>
}

/** Another process already listens on the port. */
export class PortInUse extends StartupError {
  readonly code = 'PORT_TAKEN'
  constructor(host: string, port: number) {
    super(`PORT: expected ${host}:${port} to be free, found another process listening there`)
  }
}

const refusals: Readonly<Record<string, (host: string, port: number) => StartupError>> = {
  EADDRINUSE: (host, port) => new PortInUse(host, port),
  EACCES: (_, port) => new StartupError(`PORT: expected one that this user may listen on, found ${port}`),
  EADDRNOTAVAIL: (host) => new StartupError(`HOST: expected an address of this machine, found ${JSON.stringify(host)}`),
  ENOTFOUND: (host) => new StartupError(`HOST: expected an address of this machine, found ${JSON.stringify(host)}`),
}

// Longer than a client's pool keeps idle connections, so that none is reused just as we close it.
const keepAliveMs = 65_000

// The listen backlog. Beyond node's 511 a burst's connections would be dropped, and clients retry them only after a
// second or more.
const backlog = 4096

/** Serves over HTTP. Rejects with StartupError if it cannot listen, with PortInUse if another process does. */
export async function listen(
  handler: RequestListener,
  { port, host = '127.0.0.1', arrivalMs = 300_000, acceptors = 1 }: ListenOptions,
): Promise<Listening> {
  const requests = createPausableListener(handler)
  const server = createServer(
    {
      keepAliveTimeout: keepAliveMs,
      requestTimeout: arrivalMs,
      headersTimeout: Math.min(arrivalMs, 60_000),
      connectionsCheckingInterval: Math.min(arrivalMs, 1000),
    },
    requests.handle,
  )
  answerClientErrors(server)
  const connections = createConnectionTracker(server)
  await start(server, { port, host })
  const { port: bound } = server.address() as AddressInfo
  const others = await addAcceptors(server, process.platform === 'linux' ? acceptors - 1 : 0, { port: bound, host })
  const close = async ({ drainMs = 0, idleMs = 0, arrivingMs = 2000 }: CloseOptions = {}) => {
    const closed = Promise.all([server, ...others].map((one) => once(one, 'close')))
    connections.closeAfterResponses()
    if (drainMs > 0) await delay(drainMs)
    requests.pause()
    await waitUntilQuiet(connections, requests)
    // The close of net, because that of http also ends idle connections.
    for (const one of [server, ...others]) NetServer.prototype.close.call(one)
    requests.resume()
    if (idleMs > 0) await waitUntilIdle(connections, idleMs, closed)
    connections.closeIdle()
    const cutting = setTimeout(connections.refuseIncomplete, arrivingMs)
    await closed
    clearTimeout(cutting)
    // http's close also stops the timer that ends connections whose request arrives too slowly, so it is called last.
    server.close()
  }
  let closing: Promise<void> | null = null
  const closeOnce = (options?: CloseOptions) => {
    closing ??= close(options)
    return closing
  }
  return { url: `http://${host}:${bound}`, close: closeOnce, [Symbol.asyncDispose]: closeOnce }
}

const maxHoldMs = 250
// Longest time in which a client follows an answer with its next request.
const quietMs = 20
const maxLastRounds = 100

/**
 * Waits until no new connections arrive. The kernel resets connections that are not accepted when we stop listening,
 * and their requests are lost. A client without an answer sends nothing else, so holding requests soon quiets the port.
 * Where it never quiets, the event loop is so idle that hardly a connection falls into the remaining microseconds.
 */
async function waitUntilQuiet(connections: ConnectionTracker, requests: PausableListener): Promise<void> {
  const until = performance.now() + maxHoldMs
  for (let quietSince = performance.now(); performance.now() < Math.min(until, quietSince + quietMs); ) {
    const { acceptedCount } = connections
    await delay(1)
    // Timers run before the event loop polls for connections; this runs after.
    await nextRound()
    if (connections.acceptedCount > acceptedCount || connections.activeRequestCount > requests.waitingCount)
      quietSince = performance.now()
  }
  // A busy event loop accepts one connection in each turn.
  for (let round = 0, taken = -1; round < maxLastRounds && taken !== connections.acceptedCount; round++) {
    taken = connections.acceptedCount
    await nextRound()
  }
}

/**
 * Waits until no request came for so long, or all connections are closed. It polls the event loop first, because a
 * request may wait on a connection that seems idle.
 */
async function waitUntilIdle(connections: ConnectionTracker, idleMs: number, closed: Promise<unknown>): Promise<void> {
  for (let asked = -1; asked !== connections.requestCount; await nextRound()) {
    asked = connections.requestCount
    await Promise.race([closed, delay(idleMs)])
  }
}

/**
 * Opens more sockets on the server's port. libuv (1.52) accepts one connection per socket in each turn of the event
 * loop. Under load turns are long, so with one socket clients would wait for seconds and get their answers too late.
 */
async function addAcceptors(
  server: NetServer,
  count: number,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<readonly NetServer[]> {
  if (count < 1) return []
  // The first socket binds the port exclusively, so that nothing else listens there. From here on all of them share it,
  // which each must request.
  await stop(server)
  const others = Array.from({ length: count }, () =>
    createSocketServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket)),
  )
  for (const one of [server, ...others]) await start(one, { port, host, reusePort: true })
  return others
}

async function start(
  server: NetServer,
  where: SocketOptions & { readonly port: number; readonly host: string },
): Promise<void> {
  server.listen({ ...where, backlog })
  await once(server, 'listening').catch((cause) => {
    if (!isSystemError(cause)) throw cause
    throw (
      refusals[cause.code]?.(where.host, where.port) ??
      new StartupError(`HOST: expected an address to listen on, found ${JSON.stringify(where.host)} (${cause.code})`, {
        cause,
      })
    )
  })
}

async function stop(server: NetServer): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  await closed
}
