import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StartRefused } from '../process/start-refused.ts'
import { refuseConnections } from './refuse-connections.ts'

export interface ListenOptions {
  /** 0: one that is free. */
  readonly port: number
  /** @default 127.0.0.1 */
  readonly host?: string
  /** How long a request may take to arrive, its head and its body. @default 300,000 */
  readonly arrivalMs?: number
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

/** Serves over HTTP. Rejects with StartRefused where it cannot listen, which is PortTaken when another process does. */
export async function listen(handler: RequestListener, { port, host = '127.0.0.1', arrivalMs = 300_000 }: ListenOptions): Promise<Listening> {
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
  server.listen(port, host)
  await once(server, 'listening').catch((cause) => {
    throw refusals[cause.code]?.(host, port) ?? cause
  })
  const { port: bound } = server.address() as AddressInfo
  const close = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    closing = true
    server.close()
    await closed
  }
  return { url: `http://${host}:${bound}`, close, [Symbol.asyncDispose]: close }
}
