import { errors } from 'jose'

/** Stable codes of why a token or an assertion is rejected, for `extensions.reason`. */
export type RejectionReason =
  | 'MISSING'
  | 'TOO_LONG'
  | 'NOT_A_JWT'
  | 'EXPIRED'
  | 'NOT_YET_VALID'
  | 'UNKNOWN_KEY'
  | 'OTHER_ISSUER'
  | 'OTHER_AUDIENCE'
  | 'ALGORITHM_NOT_ALLOWED'
  | 'TYPE_NOT_ALLOWED'
  | 'NOT_AN_ACCESS_TOKEN'
  | 'SENDER_CONSTRAINED'
  | 'CLAIM_MISSING'
  | 'CLAIM_INVALID'

/** A code and a plain explanation. It contains nothing of the token but names of claims. */
export interface Rejection {
  readonly reason: RejectionReason
  readonly text: string
}

const byCode: Readonly<Record<string, Rejection>> = {
  ERR_JWS_INVALID: { reason: 'NOT_A_JWT', text: 'it is not a signed JWT' },
  ERR_JWT_INVALID: { reason: 'NOT_A_JWT', text: 'it is not a signed JWT' },
  ERR_JWT_EXPIRED: { reason: 'EXPIRED', text: 'it has expired' },
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: { reason: 'UNKNOWN_KEY', text: 'it is signed by an unknown key' },
  ERR_JWKS_NO_MATCHING_KEY: { reason: 'UNKNOWN_KEY', text: 'it is signed by an unknown key' },
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: { reason: 'UNKNOWN_KEY', text: 'it does not name the key that signed it (kid)' },
  ERR_JOSE_ALG_NOT_ALLOWED: { reason: 'ALGORITHM_NOT_ALLOWED', text: 'its signature algorithm is not allowed' },
  ERR_JOSE_NOT_SUPPORTED: { reason: 'ALGORITHM_NOT_ALLOWED', text: 'its signature algorithm is not allowed' },
}

const byClaim: Readonly<Record<string, Rejection>> = {
  iss: { reason: 'OTHER_ISSUER', text: 'it is of another issuer' },
  aud: { reason: 'OTHER_AUDIENCE', text: 'it is for another audience' },
  nbf: { reason: 'NOT_YET_VALID', text: 'it is not valid yet' },
  iat: { reason: 'NOT_YET_VALID', text: 'it is not valid yet' },
}

/**
 * Converts jose's verification error. Null where the fault is not the JWT's, for example keys that cannot be fetched.
 */
export function toRejection(error: unknown): Rejection | null {
  if (!(error instanceof errors.JOSEError)) return null
  if (!(error instanceof errors.JWTClaimValidationFailed)) return byCode[error.code] ?? null
  if (error.reason === 'missing') return missingClaim(error.claim)
  return (error.reason === 'check_failed' ? byClaim[error.claim] : undefined) ?? invalidClaim(error.claim)
}

/** A required claim is missing. */
export function missingClaim(claim: string): Rejection {
  return { reason: 'CLAIM_MISSING', text: `the claim ${claim} is missing` }
}

/** A claim has an invalid value. */
export function invalidClaim(claim: string): Rejection {
  return { reason: 'CLAIM_INVALID', text: `the claim ${claim} is not as expected` }
}

/** A token is too long and was not parsed. */
export function tokenTooLong(maxCharacters: number): Rejection {
  return { reason: 'TOO_LONG', text: `it is longer than ${maxCharacters} characters` }
}

/** A rejected token. The message explains why in plain words and contains no value of the token. */
export class TokenRejected extends Error {
  readonly code = 'UNAUTHENTICATED'
  /** The reason as a stable code. */
  readonly reason: RejectionReason
  constructor(
    text: string,
    { reason = 'CLAIM_INVALID', ...options }: ErrorOptions & { readonly reason?: RejectionReason } = {},
  ) {
    super(`Access token rejected: ${text}`, options)
    this.reason = reason
  }
}
