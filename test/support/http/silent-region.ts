import { createServer } from 'node:net'

/** A region that takes calls on this port of 127.0.0.1 and never answers. */
export async function startSilentRegion(port: number): Promise<AsyncDisposable> {
  const calls = new Set<{ destroy(): void }>()
  const server = createServer((socket) => {
    calls.add(socket)
    // A caller who gives up is no fault.
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of calls) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
