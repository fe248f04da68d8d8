import type { CryptoKey } from 'jose'
import type { TokenHolder } from '../../schema/access-token.ts'
import { signAssertion } from '../../schema/assertion.ts'
import { jsonOf } from '../../schema/json-of.ts'
import { createTimedMemo } from '../../schema/timed-memo.ts'
import type { VerifiedViewer } from '../http/use-bearer-token.ts'
import type { CredentialsFor } from '../request-context.ts'

export interface CredentialsOptions {
  /** The gateway's Ed25519 key, and its id in the stores' key set. */
  readonly assertionKey: { readonly key: CryptoKey; readonly keyId: string }
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const lifeMs = 60_000
/** What an assertion has left at least when it is sent: more than any region's time, and clocks differ. */
const leastLeftMs = 15_000
const maxRemembered = 10_000

/** Proves to the regions who asks: the viewer's own token, and for each region and access context an assertion that is signed anew when less than 15 s of its minute are left. */
export function createCredentials({ assertionKey, now }: CredentialsOptions): (viewer: VerifiedViewer) => CredentialsFor {
  const remember = createTimedMemo<string>({ maxEntries: maxRemembered, now })
  return ({ token, holder }) =>
    async (region, context) => {
      const assertion = await remember(`${numberOf(holder)} ${region} ${jsonOf(context)}`, async () => {
        const expiresAtMs = now() + lifeMs
        return { value: await signAssertion({ ...assertionKey, region, token, context, expiresAtMs }), untilMs: expiresAtMs - leastLeftMs }
      })
      return { viewer: holder.id, token, assertion }
    }
}

// A holder is one token's: two tokens of one person have each their own.
const numbers = new WeakMap<TokenHolder, number>()
let count = 0

function numberOf(holder: TokenHolder): number {
  const known = numbers.get(holder) ?? ++count
  numbers.set(holder, known)
  return known
}
