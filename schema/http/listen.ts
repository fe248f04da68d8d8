import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, Server as NetServer } from 'node:net'
import { setTimeout as delay, setImmediate as nextRound } from 'node:timers/promises'
import { StartRefused } from '../process/start-refused.ts'
import { type OpenConnections, watchConnections } from './open-connections.ts'
import { createRequestHold, type RequestHold } from './request-hold.ts'

export interface ListenOptions {
  /** 0: one that is free. */
  readonly port: number
  /** @default 127.0.0.1 */
  readonly host?: string
}

export interface CloseOptions {
  /** How long new connections are still taken, for a load balancer to see first that /readyz is off. @default 0 */
  readonly drainMs?: number
  /** How long after that a kept connection may still bring a request: its client may be writing it. @default 0 */
  readonly idleMs?: number
}

export interface Listening extends AsyncDisposable {
  readonly url: string
  /** Takes no new connections, answers whole what came, each answer its connection's last. Resolves when all connections have ended. */
  close(options?: CloseOptions): Promise<void>
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

/** Serves over HTTP. Rejects with StartRefused where it cannot listen, which is PortTaken when another process does. */
export async function listen(handler: RequestListener, { port, host = '127.0.0.1' }: ListenOptions): Promise<Listening> {
  const requests = createRequestHold(handler)
  const server = createServer({ keepAliveTimeout: keepAliveMs }, requests.handle)
  const connections = watchConnections(server)
  server.listen(port, host)
  await once(server, 'listening').catch((cause) => {
    throw refusals[cause.code]?.(host, port) ?? cause
  })
  const { port: bound } = server.address() as AddressInfo
  const close = async ({ drainMs = 0, idleMs = 0 }: CloseOptions = {}) => {
    const closed = once(server, 'close')
    connections.endWithAnswers()
    if (drainMs > 0) await delay(drainMs)
    requests.hold()
    await untilQuiet(connections, requests)
    // Not that of http, which ends idle connections too.
    NetServer.prototype.close.call(server)
    requests.release()
    if (idleMs > 0) await untilIdle(connections, idleMs, closed)
    connections.endIdle()
    // For what http has beside: the timer over its connections.
    server.close()
    await closed
  }
  let closing: Promise<void> | null = null
  const closeOnce = (options?: CloseOptions) => {
    closing ??= close(options)
    return closing
  }
  return { url: `http://${host}:${bound}`, close: closeOnce, [Symbol.asyncDispose]: closeOnce }
}

const longestHoldMs = 250
// What a client takes at most, after an answer, to come with its next request.
const quietMs = 20
const mostLastRounds = 100

/**
 * Until nobody comes any more: the kernel resets a connection that still waits to be taken when we stop listening, its request lost. Whoever
 * is not answered brings no other request, so while requests are held it soon is quiet; and where it never is, the event loop is so idle that
 * hardly one falls into the microseconds after it has looked.
 */
async function untilQuiet(connections: OpenConnections, requests: RequestHold): Promise<void> {
  const until = performance.now() + longestHoldMs
  for (let quietSince = performance.now(); performance.now() < Math.min(until, quietSince + quietMs); ) {
    const { taken } = connections
    await delay(1)
    // Timers come before the event loop looks for connections, this after.
    await nextRound()
    if (connections.taken > taken || connections.answering > requests.held) quietSince = performance.now()
  }
  // A busy event loop takes one connection a round.
  for (let round = 0, taken = -1; round < mostLastRounds && taken !== connections.taken; round++) {
    taken = connections.taken
    await nextRound()
  }
}

/** Until nothing was asked for so long, or all have gone. By an event loop that has looked: on a connection that seems idle to a busy one, a request may wait. */
async function untilIdle(connections: OpenConnections, idleMs: number, closed: Promise<unknown>): Promise<void> {
  for (let asked = -1; asked !== connections.asked; await nextRound()) {
    asked = connections.asked
    await Promise.race([closed, delay(idleMs)])
  }
}
