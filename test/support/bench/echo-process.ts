import { type AddressInfo, createServer } from 'node:net'

/** Says back what it hears: how long the way to another process and back takes, whatever else the machine does. */
if (import.meta.main) {
  const server = createServer({ noDelay: true }, (socket) => socket.on('error', () => {}).pipe(socket))
  server.listen(0, '127.0.0.1', () =>
    process.stdout.write(`echo listens at http://127.0.0.1:${(server.address() as AddressInfo).port}\n`),
  )
  process.on('SIGTERM', () => process.exit(0))
}
