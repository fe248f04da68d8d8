import { hash } from 'node:crypto'
import { type JWTPayload, type JWTVerifyGetKey, type JWTVerifyResult, jwtVerify } from 'jose'
import { personId } from './claim-formats.ts'
import { createTimedMemo, type ExpiringValue } from './timed-memo.ts'
import { type ClaimTable, loadClaimTable } from './token-claims/claim-table.ts'
import { readClaims } from './token-claims/read-claims.ts'
import { invalidClaim, type Rejection, TokenRejected, tokenTooLong, toRejection } from './token-rejection.ts'
import { findTypeFault, type TokenType } from './token-type.ts'

export { TokenRejected } from './token-rejection.ts'

/** The person and organisation behind a verified access token. Frozen throughout. */
export interface TokenHolder {
  /** NHS CIS2 user id. */
  readonly id: string
  readonly name: string | null
  /** SDS job role code, as R0260. */
  readonly role: { readonly system: string; readonly code: string; readonly display: string | null }
  /** What the role is held for, as GENITOURINARY_MEDICINE; null where the token says none, or several. */
  readonly areaOfWork: string | null
  /** The person's own NHS number, where the identity provider states it. */
  readonly nhsNumber: string | null
  /** ODS code and name of the organisation the role is held at. */
  readonly organisation: { readonly odsCode: string; readonly name: string | null }
  /** Purpose of use that the token is limited to (IHE IUA, purpose_of_use); null where it says none. */
  readonly purpose: string | null
  /** OAuth 2.0 scopes. */
  readonly scopes: readonly string[]
  /** From then on the token is to be verified again: it has ended, or its issuer's key may have. Milliseconds since 1970. */
  readonly verifiedUntilMs: number
}

/** A caller whose token was verified: the token itself and what it says of its holder. */
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
  /** How the issuer's claims become ours. @default those of NHS CIS2 */
  readonly claims?: ClaimTable
  /** Allowed difference between the clocks. @default 5 */
  readonly clockToleranceSeconds?: number
  readonly now?: () => number
}

/** Verifies a token. No two tokens have the same holder, as an object; one token has the same for as long as it is remembered. */
export type TokenVerifier = (token: string) => Promise<TokenHolder>

const maxCachedTokens = 10_000
/** How long a token outlives its issuer's key at most, once the key is no longer in the set. */
const maxTokenCacheMs = 5 * 60_000

/** Node takes 16 KiB of headers in all; a store receives the gateway's assertion and other headers beside the token. */
const maxTokenCharacters = 12 * 1024

/**
 * Verifies access tokens (RFC 9068), and remembers the verified, by their hash alone, until they expire and for five minutes at most. The
 * verifier throws TokenRejected; what it throws is not remembered.
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
    // As jose reckons: in whole seconds, the tolerance granted.
    const endsAtMs = Math.ceil((payload.exp ?? 0) + clockToleranceSeconds) * 1000
    const untilMs = Math.min(endsAtMs, nowMs + maxTokenCacheMs)
    return { value: toTokenHolder(claims, payload, untilMs), untilMs }
  }
  return async (token) => {
    // Before it is hashed or parsed: a stranger chooses the length.
    if (token.length > maxTokenCharacters) throw reject(tokenTooLong(maxTokenCharacters))
    return remember(hash('sha256', token, 'base64url'), () => verify(token))
  }
}

/** The token of an Authorization header (RFC 6750); throws TokenRejected when there is none. */
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
    // Without one the fault is ours or the issuer's, as keys that cannot be fetched.
    const rejection = toRejection(cause)
    throw rejection ? reject(rejection, { cause }) : cause
  }
}

function toTokenHolder(table: ClaimTable, payload: JWTPayload, verifiedUntilMs: number): TokenHolder {
  // RFC 9068, section 2.2, requires it, whichever claim the table takes for the person.
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
