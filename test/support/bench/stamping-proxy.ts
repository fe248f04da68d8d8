import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** When one exchange was on its way beyond the proxy, by performance.now. */
export interface Stamp {
  readonly fromMs: number
  readonly toMs: number
}

/**
 * Stands before a store and notes when a request's first byte comes in, and when its reply's last byte goes out. It
 * knows nothing of who asks.
 */
export interface StampingProxy extends AsyncDisposable {
  readonly url: string
  /** The exchanges since this was called last, all of them over. */
  take(): readonly Stamp[]
}

export async function startStampingProxy(storeUrl: string): Promise<StampingProxy> {
  const { hostname, port } = new URL(storeUrl)
  const open = new Set<Socket>()
  let stamps: { fromMs: number; toMs: number }[] = []
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: Number(port), host: hostname, noDelay: true })
    let current: { fromMs: number; toMs: number } | null = null
    let isAnswered = true
    for (const socket of [near, far]) open.add(socket)
    near.on('data', (bytes) => {
      // Exchanges of records only: the change feed is always on its way. One at a time on a connection.
      if (isAnswered && bytes.toString('latin1', 0, 5) === 'POST ') {
        current = { fromMs: performance.now(), toMs: Number.NaN }
        stamps.push(current)
        isAnswered = false
      }
      far.write(bytes)
    })
    far.on('data', (bytes) => {
      near.write(bytes)
      isAnswered = true
      if (current) current.toMs = performance.now()
    })
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = stamps
      stamps = []
      return taken
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
