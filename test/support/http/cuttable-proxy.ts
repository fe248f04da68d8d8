import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A wire to a service that can be cut, and made a black hole. */
export interface CuttableProxy extends AsyncDisposable {
  readonly url: string
  /** How many connections it has taken. */
  readonly taken: number
  /** Ends all connections at once, and refuses further ones until `mend`. */
  cut(): void
  /** Swallows all that comes, on all connections, until `mend`; then the swallowed comes through. */
  swallow(): void
  mend(): void
}

export async function createCuttableProxy(target: string): Promise<CuttableProxy> {
  const port = Number(new URL(target).port)
  const sockets = new Set<Socket>()
  let state: 'open' | 'cut' | 'swallowing' = 'open'
  let taken = 0
  const server = createServer((near) => {
    if (state === 'cut') return void near.resetAndDestroy()
    taken++
    const far = connect(port, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('data', (bytes) => other.write(bytes))
      one.on('error', () => {})
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      if (state === 'swallowing') one.pause()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get taken() {
      return taken
    },
    cut() {
      state = 'cut'
      for (const socket of sockets) socket.destroy()
    },
    swallow() {
      state = 'swallowing'
      for (const socket of sockets) socket.pause()
    },
    mend() {
      state = 'open'
      for (const socket of sockets) socket.resume()
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
