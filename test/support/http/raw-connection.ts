import { once } from 'node:events'
import { connect } from 'node:net'

/** A connection on which a test says what it likes. */
export interface RawConnection extends Disposable {
  send(text: string): void
  /** Resolves when all that was heard so far matches; rejects when the connection ends without. */
  hears(pattern: RegExp): Promise<string>
  /** All that was heard, when the server has ended the connection. */
  readonly ended: Promise<string>
}

export async function openRawConnection(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname).setEncoding('utf8')
  await once(socket, 'connect')
  let heard = ''
  socket.on('data', (text) => {
    heard += text
  })
  // A server that ends a connection may reset it; `ended` tells what came before.
  socket.on('error', () => {})
  const ended = once(socket, 'close').then(() => heard)
  return {
    send: (text) => socket.write(text),
    async hears(pattern) {
      while (!pattern.test(heard)) {
        await Promise.race([once(socket, 'data'), ended])
        if (socket.destroyed && !pattern.test(heard)) throw new Error(`Expected ${pattern}, heard ${heard}`)
      }
      return heard
    },
    ended,
    [Symbol.dispose]: () => socket.destroy(),
  }
}
