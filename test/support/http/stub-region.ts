import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a region answers to one request, whose body is given. */
export type StubReply = (
  request: IncomingMessage,
  body: string,
) => { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string }

/** A record store in a test's own words, over real HTTP. */
export interface StubRegion extends AsyncDisposable {
  readonly url: string
  /** Paths that were asked for, in order. */
  readonly paths: readonly string[]
}

export async function startStubRegion(answer: StubReply): Promise<StubRegion> {
  const paths: string[] = []
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    paths.push(request.url ?? '')
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const {
      status = 200,
      headers = { 'content-type': 'application/json' },
      body,
    } = answer(request, Buffer.concat(chunks).toString())
    response.writeHead(status, headers).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
