import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Ports that a process may be told to listen on, again and again, and that no other process is given meanwhile. */
export interface HeldPorts extends Disposable {
  readonly ports: readonly number[]
}

/**
 * Holds free ports of 127.0.0.1, for programs whose addresses others must know before they listen. A connection
 * accepted on a port keeps it: the kernel gives it to nobody who asks for any port, but to whoever asks for its number,
 * because listeners set SO_REUSEADDR.
 */
export async function holdPorts(count: number): Promise<HeldPorts> {
  using holding = new DisposableStack()
  const ports: number[] = []
  for (let held = 0; held < count; held++) {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const [[accepted]] = (await Promise.all([
      once(server, 'connection'),
      once(holding.adopt(connect(port, '127.0.0.1'), end), 'connect'),
    ])) as [[Socket], unknown]
    holding.adopt(accepted, end)
    server.close()
    ports.push(port)
  }
  const held = holding.move()
  return { ports, [Symbol.dispose]: () => held.dispose() }
}

function end(socket: Socket): void {
  socket.destroy()
}
