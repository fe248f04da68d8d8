import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ListenOptions {
  /** 0: one that is free. */
  readonly port: number
  /** @default 127.0.0.1 */
  readonly host?: string
}

export interface Listening extends AsyncDisposable {
  readonly url: string
  /** Takes no new connections, lets requests in flight end. */
  close(): Promise<void>
}

// Longer than a client's pool keeps its connections, so that none is reused just as we close it.
const keepAliveMs = 65_000

/** Serves over HTTP. */
export async function listen(handler: RequestListener, { port, host = '127.0.0.1' }: ListenOptions): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: keepAliveMs }, handler)
  let closing = false
  // A connection whose request ends while we close would be kept alive, and the server open with it.
  server.on('request', (_, response) =>
    response.once('close', () => {
      if (closing) setImmediate(() => server.closeIdleConnections())
    }),
  )
  server.listen(port, host)
  await once(server, 'listening')
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
