import type { CryptoKey } from 'jose'
import type { TokenHolder, VerifiedViewer } from '../../schema/access-token.ts'
import { type AccessContext, signAssertion } from '../../schema/assertion.ts'
import { cachedStringify } from '../../schema/cached-stringify.ts'
import { createTimedMemo } from '../../schema/timed-memo.ts'
import type { RegionCredentials } from './region-client.ts'

/** Creates the credentials that prove to a region who the viewer is and state the access context. */
export type CreateCredentials = (region: string, context: AccessContext) => Promise<RegionCredentials>

export interface CredentialsOptions {
  /** The gateway's Ed25519 key, and its id in the stores' key set. */
  readonly assertionKey: { readonly key: CryptoKey; readonly keyId: string }
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const assertionLifeMs = 60_000
/**
 * An assertion has at least this long left when it is sent. That exceeds any region's time limit and leaves room for
 * clock skew.
 */
const minRemainingMs = 15_000
const maxAssertions = 10_000

/**
 * Creates a source of credentials for the regions: the viewer's own token, and an assertion for each region and access
 * context. An assertion lives for a minute and is signed anew when less than 15 s are left.
 */
export function createCredentials({
  assertionKey,
  now,
}: CredentialsOptions): (viewer: VerifiedViewer) => CreateCredentials {
  const remember = createTimedMemo<string>({ maxEntries: maxAssertions, now })
  return ({ token, holder }) =>
    async (region, context) => {
      const assertion = await remember(`${toHolderNumber(holder)} ${region} ${cachedStringify(context)}`, async () => {
        const expiresAtMs = now() + assertionLifeMs
        return {
          value: await signAssertion({ ...assertionKey, region, token, context, expiresAtMs }),
          untilMs: expiresAtMs - minRemainingMs,
        }
      })
      return { viewer: holder.id, token, assertion }
    }
}

// A TokenHolder stands for one token, so two tokens of one person have two numbers.
const holderNumbers = new WeakMap<TokenHolder, number>()
let holderCount = 0

function toHolderNumber(holder: TokenHolder): number {
  const known = holderNumbers.get(holder) ?? ++holderCount
  holderNumbers.set(holder, known)
  return known
}
