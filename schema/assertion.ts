import { hash } from 'node:crypto'
import { type CryptoKey, type JWTVerifyGetKey, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { personId } from './claim-formats.ts'
import { createTimedMemo, type ExpiringValue } from './timed-memo.ts'
import { type RejectionReason, tokenTooLong, toRejection } from './token-rejection.ts'

/** The header that carries the gateway's assertion to a store, beside the viewer's own token in Authorization. */
export const assertionHeader = 'gateway-assertion'

const accessContext = z.object({
  purpose: z.enum(['DIRECT_CARE', 'EMERGENCY']),
  relationship: z.enum(['REGISTERED', 'REFERRED', 'ATTENDING', 'INPATIENT', 'CLAIMED']).nullable(),
  reason: z.enum(['CLINIC_PREPARATION', 'MENTAL_HEALTH_CARE', 'SAFEGUARDING', 'CONTINUITY_OF_CARE']).nullable(),
  supervisor: personId.nullable(),
})

/** Why the viewer asks, as the gateway states it to a region. */
export type AccessContext = Readonly<z.infer<typeof accessContext>>

/** Parses a value as an access context; null if it is none. */
export function parseAccessContext(value: unknown): AccessContext | null {
  return accessContext.safeParse(value).data ?? null
}

/** An assertion that a store rejects. The message gives the reason in plain words. */
export class AssertionRejected extends Error {
  readonly code = 'UNAUTHENTICATED'
  /** The reason as a stable code. */
  readonly reason: RejectionReason
  constructor(
    text: string,
    { reason = 'MISSING', ...options }: ErrorOptions & { readonly reason?: RejectionReason } = {},
  ) {
    super(`Gateway assertion rejected: ${text}`, options)
    this.reason = reason
  }
}

export interface SignAssertionOptions {
  /** The gateway's Ed25519 private key, and its key id in the stores' key set. */
  readonly key: CryptoKey
  readonly keyId: string
  /** The region that the assertion is for (`aud`). */
  readonly region: string
  /** The viewer's own token, to which the assertion is bound. */
  readonly token: string
  readonly context: AccessContext
  /** Expiry in milliseconds since 1970, at most a minute ahead. */
  readonly expiresAtMs: number
}

const issuer = 'share2care-gateway'
/** RFC 8725, section 3.11: a JWT of another type is rejected, although the same key signed it. */
const type = 'gateway-assertion+jwt'
const maxLifeSeconds = 60
const clockToleranceSeconds = 5
const maxCachedAssertions = 10_000
/** Several times the length of the longest assertion that a gateway signs. */
const maxAssertionCharacters = 4096

/** Signs a JWS (Ed25519) that states to one region why this token's viewer asks. */
export function signAssertion({
  key,
  keyId,
  region,
  token,
  context,
  expiresAtMs,
}: SignAssertionOptions): Promise<string> {
  return new SignJWT({ ath: hashToken(token), context })
    .setProtectedHeader({ alg: 'Ed25519', kid: keyId, typ: type })
    .setIssuer(issuer)
    .setAudience(region)
    .setIssuedAt(new Date(expiresAtMs - maxLifeSeconds * 1000))
    .setExpirationTime(new Date(expiresAtMs))
    .sign(key)
}

export interface AssertionVerifierOptions {
  /** The keys of the gateways this store trusts. */
  readonly keys: JWTVerifyGetKey
  /** The region that an assertion must be for. */
  readonly region: string
  readonly now?: () => number
}

/** Verifies an assertion and returns the access context for the token's holder. */
export type AssertionVerifier = (assertion: string, token: string) => Promise<AccessContext>

/**
 * Creates a verifier of a gateway's assertions. It caches verified ones by the hash of assertion, token and region
 * until they expire. The verifier throws AssertionRejected; rejections are not cached.
 */
export function createAssertionVerifier({ keys, region, now = Date.now }: AssertionVerifierOptions): AssertionVerifier {
  const remember = createTimedMemo<AccessContext>({ maxEntries: maxCachedAssertions, now })
  return async (assertion, token) => {
    assertAssertionLength(assertion)
    return remember(hash('sha256', JSON.stringify([region, token, assertion]), 'base64url'), () =>
      verifyAssertion(assertion, { keys, region, token, nowMs: now() }),
    )
  }
}

/**
 * Throws AssertionRejected for a long assertion before it is hashed or parsed, because a stranger chooses its length.
 */
export function assertAssertionLength(assertion: string): void {
  if (assertion.length <= maxAssertionCharacters) return
  const { text, reason } = tokenTooLong(maxAssertionCharacters)
  throw new AssertionRejected(text, { reason })
}

interface ExpectedAssertion {
  readonly keys: JWTVerifyGetKey
  readonly region: string
  readonly token: string
  readonly nowMs: number
}

async function verifyAssertion(
  assertion: string,
  { keys, region, token, nowMs }: ExpectedAssertion,
): Promise<ExpiringValue<AccessContext>> {
  try {
    const { payload } = await jwtVerify(assertion, keys, {
      typ: type,
      issuer,
      audience: region,
      algorithms: ['Ed25519', 'EdDSA'],
      requiredClaims: ['exp', 'iat', 'ath', 'context'],
      maxTokenAge: maxLifeSeconds,
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(nowMs),
    })
    const expiresAt = Number(payload.exp)
    if (expiresAt - Number(payload.iat) > maxLifeSeconds)
      throw new AssertionRejected('it is good for longer than 60 s', { reason: 'CLAIM_INVALID' })
    if (payload.ath !== hashToken(token))
      throw new AssertionRejected("it is for another viewer's token (ath)", { reason: 'CLAIM_INVALID' })
    // jose counts in whole seconds and adds the tolerance; this does the same.
    return {
      value: Object.freeze(accessContext.parse(payload.context)),
      untilMs: Math.ceil(expiresAt + clockToleranceSeconds) * 1000,
    }
  } catch (cause) {
    if (cause instanceof z.ZodError)
      throw new AssertionRejected('the claim context is not as expected', { reason: 'CLAIM_INVALID', cause })
    const rejection = toRejection(cause)
    throw rejection ? new AssertionRejected(rejection.text, { reason: rejection.reason, cause }) : cause
  }
}

/** RFC 9449's `ath`: base64url of the token's SHA-256. */
function hashToken(token: string): string {
  return hash('sha256', token, 'base64url')
}
