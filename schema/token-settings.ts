import type { TokenVerifierOptions } from './access-token.ts'
import { loadKeySet } from './key-set.ts'
import { nonBlankText, setting } from './service/load-settings.ts'
import type { Mode } from './service/mode.ts'
import { InvalidSetting } from './service/startup-error.ts'
import { loadClaimTable } from './token-claims/claim-table.ts'
import { type TokenType, tokenTypes } from './token-type.ts'

/** The settings of createTokenVerifier: which access tokens a service accepts, and how it reads their claims. */
export type TokenRules = Required<Pick<TokenVerifierOptions, 'issuer' | 'audience' | 'keys' | 'types' | 'claims'>>

const types = 'at+jwt, JWT, or both with a comma between them'

/** The settings of TokenRules. Gateway and stores have the same, because they verify the same token. */
export const tokenSettings = (mode: Mode) => ({
  TOKEN_ISSUER: setting("the `iss` of viewers' access tokens", nonBlankText, {
    description: "`iss` of viewers' access tokens: the identity provider.",
    example: 'https://id.example.nhs.uk',
  }),
  TOKEN_AUDIENCE: setting("the `aud` of viewers' access tokens", nonBlankText, {
    description: "`aud` of viewers' access tokens: this service.",
    example: 'share2care',
  }),
  TOKEN_KEYS: setting(
    "the file or https address of the token issuer's JWK Set",
    nonBlankText,
    {
      description: "File or https address of the token issuer's JWK Set (RFC 7517).",
      example: 'https://id.example.nhs.uk/jwks',
    },
    (location) => loadKeySet(location, { transport: mode === 'production' ? 'https' : 'any' }),
  ),
  TOKEN_TYPES: setting(
    types,
    nonBlankText.default('at+jwt'),
    {
      description:
        'Types (header `typ`) of tokens that are accepted, with commas between them: `at+jwt` (RFC 9068), `JWT` where the provider types access tokens so, as Keycloak does.',
      example: 'at+jwt,JWT',
    },
    toTypes,
  ),
  TOKEN_CLAIMS: setting(
    'the file of a table of claims',
    nonBlankText.optional(),
    {
      description: "File of the table by which the provider's claims become person, role, organisation and scopes.",
      example: '/etc/share2care/token-claims.json',
      fallback: '`schema/token-claims/cis2.json`',
    },
    loadClaimTable,
  ),
})

type TokenSettings = {
  readonly [Name in keyof ReturnType<typeof tokenSettings>]: Awaited<
    ReturnType<ReturnType<typeof tokenSettings>[Name]['read']>
  >
}

export function toTokenRules({
  TOKEN_ISSUER,
  TOKEN_AUDIENCE,
  TOKEN_KEYS,
  TOKEN_TYPES,
  TOKEN_CLAIMS,
}: TokenSettings): TokenRules {
  return { issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE, keys: TOKEN_KEYS, types: TOKEN_TYPES, claims: TOKEN_CLAIMS }
}

function toTypes(text: string): readonly TokenType[] {
  return text.split(',').map((name) => {
    const type = tokenTypes.find((one) => one.toLowerCase() === name.trim().toLowerCase())
    if (!type) throw new InvalidSetting(types, JSON.stringify(text))
    return type
  })
}
