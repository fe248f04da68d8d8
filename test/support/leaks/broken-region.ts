import { createServer, type ServerResponse } from 'node:http'
import { changesPath } from '../../../schema/change-event.ts'

/** What a broken region may send: `said` is in each of them, where a person's data would be. */
const replies: readonly ((response: ServerResponse, said: string) => void)[] = [
  (response, said) => response.writeHead(500, { 'content-type': 'text/plain', 'x-patient': said }).end(said),
  (response, said) => response.writeHead(200, { 'content-type': 'text/html' }).end(`<html>${said}</html>`),
  (response, said) => response.writeHead(200, { 'content-type': 'application/json' }).end(`{"data": "${said}`),
  (response, said) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ errors: [{ message: said, extensions: { code: said } }] })),
  (response, said) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ data: { gw_0: { [said]: said, patients: said } } })),
  (response, said) => {
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': 10_000 })
      .write(`{"data": "${said}"`)
    response.destroy()
  },
]

export interface BrokenRegion extends AsyncDisposable {
  /** How many kinds of replies there are; each request gets the next. */
  readonly replyCount: number
  /** Resolves when a change feed was asked for, and answered. */
  readonly feedAsked: Promise<void>
}

/** Takes the place of a region's store on its port. */
export async function startBrokenRegion(port: number, said: string): Promise<BrokenRegion> {
  let count = 0
  const feedAsked = Promise.withResolvers<void>()
  const server = createServer((request, response) => {
    if (request.url === changesPath) {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(`id: 1\nevent: hello\ndata: {"${said}": "${said}"\n\nevent: ${said}\ndata: ${said}\n\n`, () =>
        feedAsked.resolve(),
      )
      return
    }
    request.resume().on('end', () => replies[count++ % replies.length]?.(response, said))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    replyCount: replies.length,
    feedAsked: feedAsked.promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
