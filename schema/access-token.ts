import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { z } from 'zod'

/** The person and organisation behind a verified access token. Frozen. */
export interface TokenHolder {
  /** NHS CIS2 user id. */
  readonly id: string
  readonly name: string | null
  /** SDS job role code, as R0260. */
  readonly role: { readonly system: string; readonly code: string; readonly display: string | null }
  /** ODS code and name of the organisation the role is held at. */
  readonly organisation: { readonly odsCode: string; readonly name: string | null }
  /** Purpose of use that the token is limited to (IHE IUA, purpose_of_use); null where it says none. */
  readonly purpose: string | null
  /** OAuth 2.0 scopes. */
  readonly scopes: readonly string[]
  /** When the token ends, in milliseconds since 1970. */
  readonly expiresAtMs: number
}

export const roleSystem = 'https://fhir.nhs.uk/CodeSystem/NHSDigital-SDS-JobRoleCode'

/** A token that cannot be accepted; `reason` names what was expected and found, never the token. */
export class TokenRejected extends Error {
  readonly code = 'UNAUTHENTICATED'
  constructor(reason: string, options?: ErrorOptions) {
    super(`Access token rejected: ${reason}`, options)
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
  nhsid_nrbac_roles: z
    .array(z.looseObject({ person_roleid: z.string(), role_code: z.string(), role_name: z.string().optional(), org_code: z.string().min(1), org_name: z.string().optional() }))
    .min(1),
})

/** Verifies OIDC access tokens (RFC 9068) with NHS CIS2 claims. The verifier throws TokenRejected. */
export function createTokenVerifier({ keys, issuer, audience, clockToleranceSeconds = 5, now = Date.now }: TokenVerifierOptions): TokenVerifier {
  return async (token) => {
    const payload = await verifySignature(token, keys, { issuer, audience, clockTolerance: clockToleranceSeconds, currentDate: new Date(now()) })
    const parsed = claims.safeParse(payload)
    if (!parsed.success) throw new TokenRejected(`claims: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`).join('; ')}`)
    const { sub, nhsid_useruid, selected_roleid, nhsid_nrbac_roles, name, scope, purpose_of_use, exp } = parsed.data
    const selected =
      selected_roleid === undefined && nhsid_nrbac_roles.length === 1 ? nhsid_nrbac_roles[0] : nhsid_nrbac_roles.find((role) => role.person_roleid === selected_roleid)
    if (!selected) throw new TokenRejected('claims: selected_roleid: expected one of nhsid_nrbac_roles')
    return Object.freeze({
      id: nhsid_useruid ?? sub,
      name: name ?? null,
      // CIS2 writes a role as its path, as S8000:G8000:R8000; the last is the job role.
      role: { system: roleSystem, code: selected.role_code.split(':').at(-1) ?? '', display: selected.role_name ?? null },
      organisation: { odsCode: selected.org_code, name: selected.org_name ?? null },
      purpose: purpose_of_use ?? null,
      scopes: scope.split(' ').filter(Boolean),
      expiresAtMs: exp * 1000,
    })
  }
}

/** The token of an Authorization header (RFC 6750); throws TokenRejected when there is none. */
export function toBearerToken(authorization: string | null | undefined): string {
  const match = /^Bearer ([\w\-.~+/]+=*)$/i.exec(authorization ?? '')
  if (!match?.[1]) throw new TokenRejected('expected the header Authorization: Bearer TOKEN')
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
    if (cause instanceof errors.JOSEError) throw new TokenRejected(`${cause.code}${cause instanceof errors.JWTClaimValidationFailed ? ` (${cause.claim})` : ''}`, { cause })
    throw cause
  }
}
