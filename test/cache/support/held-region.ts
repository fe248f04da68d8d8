import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { changesPath } from '../../../schema/change-event.ts'
import { forward } from '../../support/forward.ts'

/** A wire to a region's store on which requests for records can be held, and its change feed cut. */
export interface HeldRegion extends AsyncDisposable {
  readonly url: string
  /** How many requests for records have come. */
  readonly come: number
  hold(): void
  /** Lets through what was held, and all that comes. */
  release(): void
  /** Ends the change feed, and lets none be heard again. */
  silence(): void
}

export async function holdRegion(target: string): Promise<HeldRegion> {
  let gate = Promise.withResolvers<void>()
  let come = 0
  let isSilent = false
  const feeds = new Set<ServerResponse>()
  gate.resolve()
  const server = createServer(async (incoming, answer) => {
    if (incoming.url === '/graphql') {
      come++
      await gate.promise
    }
    if (incoming.url === changesPath) {
      if (isSilent) return void answer.destroy()
      feeds.add(answer)
    }
    forward(incoming, answer, target)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get come() {
      return come
    },
    hold() {
      gate = Promise.withResolvers<void>()
    },
    release: () => gate.resolve(),
    silence() {
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
