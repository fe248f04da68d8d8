import { hash } from 'node:crypto'
import { type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { z } from 'zod'
import { toNhsNumber } from './nhs-number.ts'
import { invalidClaim, missingClaim, type Rejection, type RejectionReason, toRejection } from './rejection.ts'
import { createTimedMemo, type Timed } from './timed-memo.ts'

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

export const roleSystem = 'https://fhir.nhs.uk/CodeSystem/NHSDigital-SDS-JobRoleCode'

/** A token that cannot be accepted; the message says why in plain words, never with what is in the token. */
export class TokenRejected extends Error {
  readonly code = 'UNAUTHENTICATED'
  /** Why, for a program. */
  readonly reason: RejectionReason
  constructor(text: string, { reason = 'CLAIM_INVALID', ...options }: ErrorOptions & { readonly reason?: RejectionReason } = {}) {
    super(`Access token rejected: ${text}`, options)
    this.reason = reason
  }
}

export interface TokenVerifierOptions {
  /** Finds the issuer's key for a token's header (jose's local or remote JWK set). */
  readonly keys: JWTVerifyGetKey
  readonly issuer: string
  readonly audience: string
  /** Allowed difference between the clocks. @default 5 */
  readonly clockToleranceSeconds?: number
  readonly now?: () => number
}

/** Verifies a token. No two tokens have the same holder, as an object; one token has the same for as long as it is remembered. */
export type TokenVerifier = (token: string) => Promise<TokenHolder>

// NHS CIS2 claims: the roles a person holds, and the one selected for this session.
const claims = z.looseObject({
  sub: z.string().min(1),
  exp: z.number(),
  name: z.string().optional(),
  nhsid_useruid: z.string().optional(),
  selected_roleid: z.string().optional(),
  scope: z.string().default(''),
  purpose_of_use: z.string().optional(),
  // As NHS login names it. A number that cannot be read rejects the token: without it nobody would notice that viewer and patient are one.
  nhs_number: z
    .string()
    .refine((text) => toNhsNumber(text) !== null)
    .optional(),
  nhsid_nrbac_roles: z
    .array(
      z.looseObject({
        person_roleid: z.string(),
        role_code: z.string(),
        role_name: z.string().optional(),
        org_code: z.string().min(1),
        org_name: z.string().optional(),
        aow: z.array(z.string()).default([]),
      }),
    )
    .min(1),
})

const maxRemembered = 10_000
/** How long a token outlives its issuer's key at most, once the key is no longer in the set. */
const longestMemoryMs = 5 * 60_000

/**
 * Verifies OIDC access tokens (RFC 9068) with NHS CIS2 claims, and remembers the verified, by their hash alone, until they expire and for
 * five minutes at most. The verifier throws TokenRejected; what it throws is not remembered.
 */
export function createTokenVerifier({ keys, issuer, audience, clockToleranceSeconds = 5, now = Date.now }: TokenVerifierOptions): TokenVerifier {
  const remember = createTimedMemo<TokenHolder>({ maxEntries: maxRemembered, now })
  const verify = async (token: string): Promise<Timed<TokenHolder>> => {
    const nowMs = now()
    const payload = await verifySignature(token, keys, { issuer, audience, clockTolerance: clockToleranceSeconds, currentDate: new Date(nowMs) })
    // As jose reckons: in whole seconds, the tolerance granted.
    const endsAtMs = Math.ceil((payload.exp ?? 0) + clockToleranceSeconds) * 1000
    const untilMs = Math.min(endsAtMs, nowMs + longestMemoryMs)
    return { value: toTokenHolder(payload, untilMs), untilMs }
  }
  return (token) => remember(hash('sha256', token, 'base64url'), () => verify(token))
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
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, { ...options, algorithms: ['EdDSA', 'Ed25519', 'ES256', 'PS256', 'RS256'], requiredClaims: ['exp', 'sub'] })
    return payload
  } catch (cause) {
    // Without one the fault is ours or the issuer's, as keys that cannot be fetched.
    const rejection = toRejection(cause)
    throw rejection ? reject(rejection, { cause }) : cause
  }
}

function toTokenHolder(payload: JWTPayload, verifiedUntilMs: number): TokenHolder {
  const parsed = claims.safeParse(payload)
  if (!parsed.success) throw reject(toClaimRejection(parsed.error, payload))
  const { sub, nhsid_useruid, selected_roleid, nhsid_nrbac_roles, name, scope, purpose_of_use, nhs_number } = parsed.data
  const selected = selected_roleid === undefined && nhsid_nrbac_roles.length === 1 ? nhsid_nrbac_roles[0] : nhsid_nrbac_roles.find((role) => role.person_roleid === selected_roleid)
  if (!selected) throw new TokenRejected('the claim selected_roleid is not one of nhsid_nrbac_roles', { reason: 'CLAIM_INVALID' })
  return Object.freeze({
    id: nhsid_useruid ?? sub,
    name: name ?? null,
    // CIS2 writes a role as its path, as S8000:G8000:R8000; the last is the job role.
    role: Object.freeze({ system: roleSystem, code: selected.role_code.split(':').at(-1) ?? '', display: selected.role_name ?? null }),
    areaOfWork: toAreaOfWork(selected.aow),
    nhsNumber: nhs_number === undefined ? null : toNhsNumber(nhs_number),
    organisation: Object.freeze({ odsCode: selected.org_code, name: selected.org_name ?? null }),
    purpose: purpose_of_use ?? null,
    scopes: Object.freeze(scope.split(' ').filter(Boolean)),
    verifiedUntilMs,
  })
}

/** CIS2 writes an area as its path of quoted names, as "Medicine":"Genito-urinary Medicine"; the last is the area. Of several, none is the one worked in now. */
function toAreaOfWork(paths: readonly string[]): string | null {
  const [area, ...others] = new Set(paths.map((path) => toCode(path.split(':').at(-1) ?? '')))
  return area && others.length === 0 ? area : null
}

/** A name as policies write it: Genito-urinary Medicine is GENITOURINARY_MEDICINE. */
function toCode(name: string): string {
  return name.replace(/["-]/g, '').trim().replace(/\W+/g, '_').toUpperCase()
}

function toClaimRejection({ issues: [issue] }: z.ZodError, payload: JWTPayload): Rejection {
  const [claim = ''] = issue?.path ?? []
  return issue?.path.length === 1 && payload[String(claim)] === undefined ? missingClaim(String(claim)) : invalidClaim(issue?.path.join('.') ?? '')
}

function reject({ text, reason }: Rejection, options?: ErrorOptions): TokenRejected {
  return new TokenRejected(text, { ...options, reason })
}
