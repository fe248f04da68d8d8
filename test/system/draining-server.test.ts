import { once } from 'node:events'
import type { RequestListener, ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { type ListenOptions, listen } from '../../schema/service/listen.ts'

/** A server whose answers wait until the test lets them go, and raw connections to it. */
async function serve({ arrivalMs }: Pick<ListenOptions, 'arrivalMs'> = {}) {
  const arrived: ServerResponse[] = []
  const changed = new EventTarget()
  const handler: RequestListener = (_, response) => {
    arrived.push(response)
    changed.dispatchEvent(new Event('arrived'))
  }
  const listening = await listen(handler, { port: 0, arrivalMs })
  return {
    listening,
    /** Resolves with the answer to the request of this number, from 1. */
    async answerTo(number: number): Promise<ServerResponse> {
      while (arrived.length < number) await once(changed, 'arrived')
      return arrived[number - 1] as ServerResponse
    },
    connect: async () => new Connection(await connected(Number(new URL(listening.url).port))),
    [Symbol.asyncDispose]: () => listening.close(),
  }
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

class Connection {
  readonly socket: Socket
  readonly ended: Promise<unknown>
  #said = ''
  constructor(socket: Socket) {
    this.socket = socket.setEncoding('utf8').on('data', (text) => {
      this.#said += text
    })
    this.ended = once(socket, 'close')
  }
  write(text: string): void {
    this.socket.write(text)
  }
  ask(): void {
    this.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  }
  /** All that came, when this is part of it. */
  async says(part: string): Promise<string> {
    while (!this.#said.includes(part)) await once(this.socket, 'data')
    return this.#said
  }
}

test('a request under way is answered whole, and told that it was the last', async () => {
  await using server = await serve()
  const connection = await server.connect()
  connection.ask()
  const answer = await server.answerTo(1)
  const closed = server.listening.close()
  answer.end('whole')
  expect(await connection.says('whole')).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*Connection: close\r\n/i)
  await Promise.all([connection.ended, closed])
})

test('an answer that has begun when the server closes comes to its end', async () => {
  await using server = await serve()
  const connection = await server.connect()
  connection.ask()
  const answer = await server.answerTo(1)
  answer.writeHead(200, { 'content-length': 10 }).write('first')
  await connection.says('first')
  const closed = server.listening.close()
  answer.end('-last')
  await connection.says('first-last')
  await Promise.all([connection.ended, closed])
})

test('a kept connection may bring one more request, which is its last', async () => {
  await using server = await serve()
  const connection = await server.connect()
  connection.ask()
  ;(await server.answerTo(1)).end('first')
  expect(await connection.says('first')).toMatch(/Connection: keep-alive/i)
  const closed = server.listening.close({ idleMs: 60_000 })
  connection.ask()
  ;(await server.answerTo(2)).end('second')
  expect(await connection.says('second')).toMatch(/Connection: close/i)
  await Promise.all([connection.ended, closed])
})

test('a connection that brings nothing more is closed, one that never brought anything too', async () => {
  await using server = await serve()
  const [kept, silent] = [await server.connect(), await server.connect()]
  kept.ask()
  ;(await server.answerTo(1)).end('first')
  await kept.says('first')
  await server.listening.close({ idleMs: 10 })
  await Promise.all([kept.ended, silent.ended])
})

test('half a head and half a body are refused after a while, what came whole is answered', async () => {
  await using server = await serve()
  const [head, body, whole] = [await server.connect(), await server.connect(), await server.connect()]
  body.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 20\r\n\r\n{"query":')
  await server.answerTo(1)
  whole.ask()
  const answer = await server.answerTo(2)
  head.write('GET / HTTP/1.1\r\nhost')
  const closed = server.listening.close({ arrivingMs: 10 })
  for (const late of [head, body]) {
    expect(await late.says('REQUEST_TIMEOUT')).toMatch(/^HTTP\/1\.1 408 [\s\S]*connection: close\r\n/i)
    await late.ended
  }
  answer.end('whole')
  await whole.says('whole')
  await Promise.all([whole.ended, closed])
})

test('a body that arrives while the server closes is refused as late as ever', async () => {
  await using server = await serve({ arrivalMs: 300 })
  const body = await server.connect()
  body.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 20\r\n\r\n{"query":')
  await server.answerTo(1)
  const closed = server.listening.close({ arrivingMs: 60_000 })
  await body.says('REQUEST_TIMEOUT')
  await Promise.all([body.ended, closed])
})

test('new connections are served while it drains, then refused', async () => {
  await using server = await serve()
  const first = await server.connect()
  first.ask()
  const held = await server.answerTo(1)
  const closed = server.listening.close({ drainMs: 300 })
  const late = await server.connect()
  late.ask()
  ;(await server.answerTo(2)).end('late')
  expect(await late.says('late')).toMatch(/Connection: close/i)
  await untilRefused(server.listening.url)
  held.end('first')
  await first.says('first')
  await closed
})

/** Connects again and again until nothing listens any more. */
async function untilRefused(url: string): Promise<void> {
  for (let code: unknown; code !== 'ECONNREFUSED'; ) {
    try {
      ;(await connected(Number(new URL(url).port))).destroy()
    } catch (cause) {
      code = (cause as { readonly code?: string }).code
    }
  }
}
