import type { CryptoKey } from 'jose'
import { Client } from 'undici'
import { assertionHeader } from '../../schema/assertion.ts'
import { type ChangeEvent, changesPath, parseChangeEvent } from '../../schema/change-event.ts'
import { signFeedAssertion } from '../../schema/feed-assertion.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { createEventParser } from './event-parser.ts'

export interface ChangeFeedConnectionOptions extends Omit<ChangeStreamOptions, 'assertion'> {
  /** The gateway's Ed25519 key, and its id in the stores' key set. */
  readonly assertionKey: { readonly key: CryptoKey; readonly keyId: string }
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Called with each chunk, before it is parsed. */
  readonly onBytes: () => void
  readonly onEvent: (event: ChangeEvent) => void
}

const assertionLifeMs = 60_000

/**
 * Receives a region's changes over one connection. Resolves when the region ends it. Rejects if the connection fails,
 * the response is no change feed, or `onEvent` throws.
 */
export async function receiveChanges({
  assertionKey,
  now,
  onBytes,
  onEvent,
  ...connection
}: ChangeFeedConnectionOptions): Promise<void> {
  const assertion = await signFeedAssertion({
    ...assertionKey,
    region: connection.region.code,
    expiresAtMs: now() + assertionLifeMs,
  })
  const parse = createEventParser({
    onEvent({ type, data }) {
      const event = parseChangeEvent(type, data)
      if (event) onEvent(event)
    },
  })
  for await (const bytes of openChangeStream({ ...connection, assertion })) {
    onBytes()
    parse(bytes)
  }
}

export interface ChangeStreamOptions {
  readonly region: RegionConfiguration
  /** The gateway's feed assertion for the region. */
  readonly assertion: string
  /** Sequence number of the last change received. Null: only later changes are sent. */
  readonly after: number | null
  /** Called when the connection is open, just before the request is sent. */
  readonly onConnect: () => void
  /** Ends the connection. */
  readonly signal: AbortSignal
}

/** Yields the bytes of a region's change feed, over a connection of its own. Throws if the response is not HTTP 200. */
export async function* openChangeStream({
  region,
  assertion,
  after,
  onConnect,
  signal,
}: ChangeStreamOptions): AsyncGenerator<Uint8Array, void> {
  // createChangeFeed decides when the connection is silent for too long.
  const client = new Client(new URL(region.url).origin, { headersTimeout: 0, bodyTimeout: 0 })
  client.once('connect', onConnect)
  try {
    const headers = {
      accept: 'text/event-stream',
      [assertionHeader]: assertion,
      ...(after === null ? {} : { 'last-event-id': String(after) }),
    }
    const { statusCode, body } = await client.request({ path: changesPath, method: 'GET', headers, signal })
    if (statusCode !== 200) throw new Error(`Change feed: expected HTTP 200, found ${statusCode}`)
    yield* body
  } finally {
    await client.destroy()
  }
}
