import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { changesPath } from '../../../schema/change-event.ts'
import { forwardRequest } from '../http/forward-request.ts'

/** A wire to a region's store on which requests for records can be held, and its change feed cut. */
export interface PausableProxy extends AsyncDisposable {
  readonly url: string
  /** How many requests for records have come. */
  readonly requestCount: number
  pause(): void
  /** Lets through what was held, and all that comes. */
  resume(): void
  /** Ends the change feed, and lets none be heard again. */
  cutFeed(): void
}

export async function startPausableProxy(target: string): Promise<PausableProxy> {
  let gate = Promise.withResolvers<void>()
  let requestCount = 0
  let isSilent = false
  const feeds = new Set<ServerResponse>()
  gate.resolve()
  const server = createServer(async (incoming, answer) => {
    if (incoming.url === '/graphql') {
      requestCount++
      await gate.promise
    }
    if (incoming.url === changesPath) {
      if (isSilent) return void answer.destroy()
      feeds.add(answer)
    }
    forwardRequest(incoming, answer, target)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requestCount() {
      return requestCount
    },
    pause() {
      gate = Promise.withResolvers<void>()
    },
    resume: () => gate.resolve(),
    cutFeed() {
      isSilent = true
      for (const feed of feeds) feed.destroy()
    },
    async [Symbol.asyncDispose]() {
      gate.resolve()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
