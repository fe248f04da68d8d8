import { once } from 'node:events'
import { connect } from 'node:net'

/** All that a service says to these bytes, which need be no HTTP, until it ends the connection. */
export async function sendRaw(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('utf8')
  let said = ''
  socket.on('data', (text) => {
    said += text
  })
  socket.on('error', () => {})
  socket.end(bytes)
  await once(socket, 'close')
  return said
}
