import { hash } from 'node:crypto'
import { type JWTPayload, type JWTVerifyGetKey, type JWTVerifyResult, jwtVerify } from 'jose'
import { personId } from './claim-formats.ts'
import { createTimedMemo, type ExpiringValue } from './timed-memo.ts'
import { type ClaimTable, loadClaimTable } from './token-claims/claim-table.ts'
import { readClaims } from './token-claims/read-claims.ts'
import { invalidClaim, type Rejection, TokenRejected, tokenTooLong, toRejection } from './token-rejection.ts'
import { findTypeFault, type TokenType } from './token-type.ts'

export { TokenRejected } from './token-rejection.ts'

/** The person and organisation behind a verified access token. Deeply frozen. */
export interface TokenHolder {
  /** NHS CIS2 user id. */
  readonly id: string
  readonly name: string | null
  /** SDS job role code, such as R0260. */
  readonly role: { readonly system: string; readonly code: string; readonly display: string | null }
  /** Area of work, such as GENITOURINARY_MEDICINE; null where the token states none, or several. */
  readonly areaOfWork: string | null
  /** The person's own NHS number, where the identity provider states it. */
  readonly nhsNumber: string | null
  /** ODS code and name of the organisation the role is held at. */
  readonly organisation: { readonly odsCode: string; readonly name: string | null }
  /** Purpose of use that the token is limited to (IHE IUA, purpose_of_use); null where it states none. */
  readonly purpose: string | null
  /** OAuth 2.0 scopes. */
  readonly scopes: readonly string[]
  /** When the token must be verified again, because it or its issuer's key may have ended; milliseconds since 1970. */
  readonly verifiedUntilMs: number
}

/** A verified caller: the token and the holder that it states. */
export interface VerifiedViewer {
  readonly token: string
  readonly holder: TokenHolder
}

export const roleSystem = 'https://fhir.nhs.uk/CodeSystem/NHSDigital-SDS-JobRoleCode'

export interface TokenVerifierOptions {
  /** Finds the issuer's key for a token's header (jose's local or remote JWK set). */
  readonly keys: JWTVerifyGetKey
  readonly issuer: string
  readonly audience: string
  /** Types of JWT that may be access tokens. @default at+jwt */
  readonly types?: readonly TokenType[]
  /** How the issuer's claims become ours. @default the NHS CIS2 table */
  readonly claims?: ClaimTable
  /** Clock tolerance in seconds. @default 5 */
  readonly clockToleranceSeconds?: number
  readonly now?: () => number
}

/** Verifies a token. Holders of different tokens are different objects; a cached token keeps its holder object. */
export type TokenVerifier = (token: string) => Promise<TokenHolder>

const maxCachedTokens = 10_000
/** Longest time that a token is accepted after its issuer's key leaves the key set. */
const maxTokenCacheMs = 5 * 60_000

/** Node limits all headers to 16 KiB together, and a store also receives the gateway's assertion. */
const maxTokenCharacters = 12 * 1024

/**
 * Creates a verifier of access tokens (RFC 9068). It caches verified tokens by hash until they expire, at most 5
 * minutes. The verifier throws TokenRejected; rejections are not cached.
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const {
    keys,
    issuer,
    audience,
    types = ['at+jwt'],
    claims = loadClaimTable(),
    clockToleranceSeconds = 5,
    now = Date.now,
  } = options
  const remember = createTimedMemo<TokenHolder>({ maxEntries: maxCachedTokens, now })
  const verify = async (token: string): Promise<ExpiringValue<TokenHolder>> => {
    const nowMs = now()
    const { protectedHeader, payload } = await verifySignature(token, keys, {
      issuer,
      audience,
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(nowMs),
    })
    const fault = findTypeFault(types, protectedHeader, payload)
    if (fault) throw reject(fault)
    // jose counts in whole seconds and adds the tolerance; this does the same.
    const endsAtMs = Math.ceil((payload.exp ?? 0) + clockToleranceSeconds) * 1000
    const untilMs = Math.min(endsAtMs, nowMs + maxTokenCacheMs)
    return { value: toTokenHolder(claims, payload, untilMs), untilMs }
  }
  return async (token) => {
    // The length is checked before hashing and parsing, because a stranger chooses it.
    if (token.length > maxTokenCharacters) throw reject(tokenTooLong(maxTokenCharacters))
    return remember(hash('sha256', token, 'base64url'), () => verify(token))
  }
}

/** Reads the token of an Authorization header (RFC 6750). Throws TokenRejected without one. */
export function toBearerToken(authorization: string | null | undefined): string {
  const match = /^Bearer ([\w\-.~+/]+=*)$/i.exec(authorization ?? '')
  if (!match?.[1]) throw new TokenRejected('expected the header Authorization: Bearer TOKEN', { reason: 'MISSING' })
  return match[1]
}

async function verifySignature(
  token: string,
  keys: JWTVerifyGetKey,
  options: { issuer: string; audience: string; clockTolerance: number; currentDate: Date },
): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(token, keys, {
      ...options,
      algorithms: ['EdDSA', 'Ed25519', 'ES256', 'PS256', 'RS256'],
      requiredClaims: ['exp', 'sub'],
    })
  } catch (cause) {
    // Without a reason the fault is ours or the issuer's, for example keys that cannot be fetched.
    const rejection = toRejection(cause)
    throw rejection ? reject(rejection, { cause }) : cause
  }
}

function toTokenHolder(table: ClaimTable, payload: JWTPayload, verifiedUntilMs: number): TokenHolder {
  // RFC 9068, section 2.2, requires `sub`, whichever claim the table takes for the person.
  if (!personId.safeParse(payload.sub).success) throw reject(invalidClaim('sub'))
  const { role, organisation, scopes, ...person } = readClaims(table, payload)
  return Object.freeze({
    ...person,
    role: Object.freeze({ system: roleSystem, ...role }),
    organisation: Object.freeze(organisation),
    scopes: Object.freeze(scopes),
    verifiedUntilMs,
  })
}

function reject({ text, reason }: Rejection, options?: ErrorOptions): TokenRejected {
  return new TokenRejected(text, { ...options, reason })
}
