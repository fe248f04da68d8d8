import { Client } from 'undici'
import { assertionHeader } from '../../schema/assertion.ts'
import { changesPath } from '../../schema/change-event.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'

export interface ReadChangesOptions {
  readonly region: RegionConfiguration
  /** The gateway's feed assertion for the region. */
  readonly assertion: string
  /** The sequence number of the last change heard; null: only what is to come. */
  readonly after: number | null
  /** Called when the region is reached, just before it is asked. */
  readonly onConnect: () => void
  /** Ends it at any time. */
  readonly signal: AbortSignal
}

/** The bytes of a region's change feed, over a connection of their own, for as long as it lasts. Throws where the region does not answer with one. */
export async function* readChanges({ region, assertion, after, onConnect, signal }: ReadChangesOptions): AsyncGenerator<Uint8Array, void> {
  // How long it may be silent is the reader's to say.
  const client = new Client(new URL(region.url).origin, { headersTimeout: 0, bodyTimeout: 0 })
  client.once('connect', onConnect)
  try {
    const headers = { accept: 'text/event-stream', [assertionHeader]: assertion, ...(after === null ? {} : { 'last-event-id': String(after) }) }
    const { statusCode, body } = await client.request({ path: changesPath, method: 'GET', headers, signal })
    if (statusCode !== 200) throw new Error(`Change feed: expected HTTP 200, found ${statusCode}`)
    yield* body
  } finally {
    await client.destroy()
  }
}
