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
  /** 0: one that is free. */
  readonly port: number
  /** @default 127.0.0.1 */
  readonly host?: string
  /** How long a request may take to arrive, its head and its body. @default 300,000 */
  readonly arrivalMs?: number
  /** Connections that may be accepted in one round of the event loop; more than one on Linux alone. @default 1 */
  readonly acceptors?: number
}

export interface CloseOptions {
  /** How long new connections are still taken, for a load balancer to see first that /readyz is off. @default 0 */
  readonly drainMs?: number
  /** How long after that a kept connection may still bring a request: its client may be writing it. @default 0 */
  readonly idleMs?: number
  /** How long after that what is still arriving, a head or a body, may take before it is refused with 408. @default 2000 */
  readonly arrivingMs?: number
}

export interface Listening extends AsyncDisposable {
  readonly url: string
  /** Takes no new connections, answers whole what came, each answer its connection's last. Resolves when all connections have ended. */
  close(options?: CloseOptions): Promise<void>
}

/** A port on which something else listens already. */
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

// Longer than a client's pool keeps its connections, so that none is reused just as we close it.
const keepAliveMs = 65_000

// Connections that wait to be accepted. Of more than node's 511, a burst's would be dropped, and tried again by the client after a second or more.
const backlog = 4096

/** Serves over HTTP. Rejects with StartupError where it cannot listen, which is PortInUse when another process does. */
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
    // Not that of http, which ends idle connections too.
    for (const one of [server, ...others]) NetServer.prototype.close.call(one)
    requests.resume()
    if (idleMs > 0) await waitUntilIdle(connections, idleMs, closed)
    connections.closeIdle()
    const cutting = setTimeout(connections.refuseIncomplete, arrivingMs)
    await closed
    clearTimeout(cutting)
    // For what http has beside: the timer over its connections, which until then ends those whose request takes too long to arrive.
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
// What a client takes at most, after an answer, to come with its next request.
const quietMs = 20
const maxLastRounds = 100

/**
 * Until nobody comes any more: the kernel resets a connection that still waits to be taken when we stop listening, its request lost. Whoever
 * is not answered brings no other request, so while requests are held it soon is quiet; and where it never is, the event loop is so idle that
 * hardly one falls into the microseconds after it has looked.
 */
async function waitUntilQuiet(connections: ConnectionTracker, requests: PausableListener): Promise<void> {
  const until = performance.now() + maxHoldMs
  for (let quietSince = performance.now(); performance.now() < Math.min(until, quietSince + quietMs); ) {
    const { acceptedCount } = connections
    await delay(1)
    // Timers come before the event loop looks for connections, this after.
    await nextRound()
    if (connections.acceptedCount > acceptedCount || connections.activeRequestCount > requests.waitingCount)
      quietSince = performance.now()
  }
  // A busy event loop takes one connection a round.
  for (let round = 0, taken = -1; round < maxLastRounds && taken !== connections.acceptedCount; round++) {
    taken = connections.acceptedCount
    await nextRound()
  }
}

/** Until nothing was asked for so long, or all have gone. By an event loop that has looked: on a connection that seems idle to a busy one, a request may wait. */
async function waitUntilIdle(connections: ConnectionTracker, idleMs: number, closed: Promise<unknown>): Promise<void> {
  for (let asked = -1; asked !== connections.requestCount; await nextRound()) {
    asked = connections.requestCount
    await Promise.race([closed, delay(idleMs)])
  }
}

/**
 * More sockets on the server's port, whose connections are the server's. libuv (1.52) accepts one connection of a socket in each round of the event loop;
 * under load, when rounds are long, those who connect would wait for seconds, and what they then ask be answered too late.
 */
async function addAcceptors(
  server: NetServer,
  count: number,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<readonly NetServer[]> {
  if (count < 1) return []
  // It has the port for itself, so nothing else listens there; now it shares it, which all have to say.
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
