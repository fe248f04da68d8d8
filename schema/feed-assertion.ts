import { type CryptoKey, type JWTVerifyGetKey, jwtVerify, SignJWT } from 'jose'
import { AssertionRejected, assertAssertionLength } from './assertion.ts'
import { toRejection } from './token-rejection.ts'

export interface SignFeedAssertionOptions {
  /** The gateway's Ed25519 private key, and its key id in the stores' key set. */
  readonly key: CryptoKey
  readonly keyId: string
  /** The region that the assertion is for (`aud`). */
  readonly region: string
  /** Expiry in milliseconds since 1970, at most a minute ahead. */
  readonly expiresAtMs: number
}

const issuer = 'share2care-gateway'
/** RFC 8725, section 3.11: the type differs from that of a viewer's assertion. */
const type = 'gateway-feed+jwt'
const maxLifeSeconds = 60
const clockToleranceSeconds = 5

/**
 * Signs a JWS (Ed25519) with which a gateway opens a region's change feed. It has no access context, so it opens
 * nothing else.
 */
export function signFeedAssertion({ key, keyId, region, expiresAtMs }: SignFeedAssertionOptions): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: 'Ed25519', kid: keyId, typ: type })
    .setIssuer(issuer)
    .setAudience(region)
    .setIssuedAt(new Date(expiresAtMs - maxLifeSeconds * 1000))
    .setExpirationTime(new Date(expiresAtMs))
    .sign(key)
}

export interface FeedAssertionVerifierOptions {
  /** The keys of the gateways this store trusts. */
  readonly keys: JWTVerifyGetKey
  /** The region that an assertion must be for. */
  readonly region: string
  readonly now?: () => number
}

/** Verifies that a gateway opens the feed; throws AssertionRejected. */
export type FeedAssertionVerifier = (assertion: string) => Promise<void>

/** Creates a verifier of feed assertions. It caches none, because each opens one connection. */
export function createFeedAssertionVerifier({
  keys,
  region,
  now = Date.now,
}: FeedAssertionVerifierOptions): FeedAssertionVerifier {
  return async (assertion) => {
    assertAssertionLength(assertion)
    try {
      const { payload } = await jwtVerify(assertion, keys, {
        typ: type,
        issuer,
        audience: region,
        algorithms: ['Ed25519', 'EdDSA'],
        requiredClaims: ['exp', 'iat'],
        maxTokenAge: maxLifeSeconds,
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(now()),
      })
      if (Number(payload.exp) - Number(payload.iat) > maxLifeSeconds)
        throw new AssertionRejected('it is good for longer than 60 s', { reason: 'CLAIM_INVALID' })
    } catch (cause) {
      const rejection = toRejection(cause)
      throw rejection ? new AssertionRejected(rejection.text, { reason: rejection.reason, cause }) : cause
    }
  }
}
