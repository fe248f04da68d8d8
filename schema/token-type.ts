import type { JWTHeaderParameters, JWTPayload } from 'jose'
import type { Rejection } from './token-rejection.ts'

/**
 * A type of JWT by its header `typ`: RFC 9068 defines at+jwt for access tokens; Keycloak writes JWT for its access and
 * ID tokens alike.
 */
export type TokenType = 'at+jwt' | 'JWT'
export const tokenTypes: readonly TokenType[] = ['at+jwt', 'JWT']

/**
 * Claims that mark another kind of JWT: an ID token (OpenID Connect Core 1.0, sections 2 and 3.3.2.11; FAPI), a logout
 * token or a security event (RFC 8417).
 */
const foreignClaims = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events']
/** Claims that access tokens have (RFC 9068, section 2.2; RFC 8693, section 4.2) and ID tokens lack. */
const accessTokenClaims = ['scope', 'client_id']

/**
 * Finds why an issuer's JWT is no access token for its bearer; null if it is one. A JWT typed JWT must show by its
 * claims that it is an access token, because providers sign ID tokens with the same key (RFC 8725, sections 3.11 and
 * 3.12).
 */
export function findTypeFault(
  allowed: readonly TokenType[],
  { typ }: JWTHeaderParameters,
  payload: JWTPayload,
): Rejection | null {
  const type = tokenTypes.find((one) => normalize(one) === normalize(typ))
  if (!type || !allowed.includes(type))
    return { reason: 'TYPE_NOT_ALLOWED', text: `its type is not ${allowed.join(' or ')} (the header typ)` }
  // DPoP (RFC 9449) and mutual TLS (RFC 8705) bind a token to a key. We ask for no proof of the key, so we refuse the
  // token.
  if (payload.cnf !== undefined)
    return { reason: 'SENDER_CONSTRAINED', text: 'it is bound to a key of its sender (the claim cnf)' }
  return type === 'JWT' ? findForeignClaim(payload) : null
}

function findForeignClaim(payload: JWTPayload): Rejection | null {
  const foreign = foreignClaims.find((claim) => payload[claim] !== undefined)
  if (foreign !== undefined)
    return { reason: 'NOT_AN_ACCESS_TOKEN', text: `it is no access token: it has the claim ${foreign}` }
  // Keycloak states the kind of token in this claim: Bearer, ID, Refresh, Offline or Logout.
  const { typ } = payload
  if (typ !== undefined)
    return typ === 'Bearer'
      ? null
      : { reason: 'NOT_AN_ACCESS_TOKEN', text: 'it is no access token: its claim typ is not Bearer' }
  if (accessTokenClaims.some((claim) => payload[claim] !== undefined)) return null
  return {
    reason: 'NOT_AN_ACCESS_TOKEN',
    text: `it does not show that it is an access token: it has none of the claims ${accessTokenClaims.join(', ')}`,
  }
}

/** RFC 7515, section 4.1.9: `application/` may be omitted, and media types are case-insensitive. */
function normalize(typ: unknown): string {
  return typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : ''
}
