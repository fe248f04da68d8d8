import type { CryptoKey } from 'jose'
import { type ChangeEvent, parseChangeEvent } from '../../schema/change-event.ts'
import { signFeedAssertion } from '../../schema/feed-assertion.ts'
import { type ReadChangesOptions, readChanges } from '../regions/read-changes.ts'
import { createEventParser } from './event-parser.ts'

export interface HearChangesOptions extends Omit<ReadChangesOptions, 'assertion'> {
  /** The gateway's Ed25519 key, and its id in the stores' key set. */
  readonly assertionKey: { readonly key: CryptoKey; readonly keyId: string }
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Called with whatever comes, before it is understood. */
  readonly onBytes: () => void
  readonly onEvent: (event: ChangeEvent) => void
}

const assertionLifeMs = 60_000

/** Hears a region's changes out over one connection. Resolves where the region ends it; rejects where it fails, says what is no change feed, or `onEvent` throws. */
export async function hearChanges({ assertionKey, now, onBytes, onEvent, ...connection }: HearChangesOptions): Promise<void> {
  const assertion = await signFeedAssertion({ ...assertionKey, region: connection.region.code, expiresAtMs: now() + assertionLifeMs })
  const parse = createEventParser({
    onEvent({ type, data }) {
      const event = parseChangeEvent(type, data)
      if (event) onEvent(event)
    },
  })
  for await (const bytes of readChanges({ ...connection, assertion })) {
    onBytes()
    parse(bytes)
  }
}
