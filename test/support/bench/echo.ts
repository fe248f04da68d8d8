import { once } from 'node:events'
import { connect } from 'node:net'
import { readAddress, runProgram } from '../run-program.ts'

export interface Echo extends AsyncDisposable {
  /** How long a byte takes to another process and back, in milliseconds. */
  roundTripMs(): Promise<number>
}

export async function startEcho(): Promise<Echo> {
  const running = runProgram('test/support/bench/echo-process.ts', [], {})
  const port = Number(new URL(await readAddress(running)).port)
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  return {
    async roundTripMs() {
      const startedAt = performance.now()
      socket.write('.')
      await once(socket, 'data')
      return performance.now() - startedAt
    },
    async [Symbol.asyncDispose]() {
      socket.destroy()
      await running[Symbol.asyncDispose]()
    },
  }
}
