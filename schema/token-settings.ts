import type { TokenVerifierOptions } from './access-token.ts'
import { type KeySetOptions, loadKeySet } from './key-set.ts'
import { type Setting, setting, someText } from './process/load-settings.ts'
import { Unfit } from './process/start-refused.ts'
import { loadClaimTable } from './token-claims/claim-table.ts'
import { type TokenType, tokenTypes } from './token-type.ts'

/** Which access tokens a service accepts, and how it reads them: what createTokenVerifier takes from settings. */
export type TokenRules = Required<Pick<TokenVerifierOptions, 'issuer' | 'audience' | 'keys' | 'types' | 'claims'>>

/** The settings of TokenRules, the same for the gateway and the stores: they verify the same token. */
export function tokenSettings({ transport }: Pick<KeySetOptions, 'transport'>) {
  return {
    TOKEN_ISSUER: setting("the `iss` of viewers' access tokens", someText),
    TOKEN_AUDIENCE: setting("the `aud` of viewers' access tokens", someText),
    TOKEN_KEYS: setting("the file or https address of the token issuer's JWK Set", someText, (location) => loadKeySet(location, { transport })),
    TOKEN_TYPES: readTypes satisfies Setting<readonly TokenType[]>,
    TOKEN_CLAIMS: setting('the file of a table of claims', someText.optional(), loadClaimTable),
  }
}

type TokenSettings = { readonly [Name in keyof ReturnType<typeof tokenSettings>]: Awaited<ReturnType<ReturnType<typeof tokenSettings>[Name]>> }

export function toTokenRules({ TOKEN_ISSUER, TOKEN_AUDIENCE, TOKEN_KEYS, TOKEN_TYPES, TOKEN_CLAIMS }: TokenSettings): TokenRules {
  return { issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE, keys: TOKEN_KEYS, types: TOKEN_TYPES, claims: TOKEN_CLAIMS }
}

function readTypes(text: string = 'at+jwt'): readonly TokenType[] {
  return text.split(',').map((name) => {
    const type = tokenTypes.find((one) => one.toLowerCase() === name.trim().toLowerCase())
    if (!type) throw new Unfit('at+jwt, JWT, or both with a comma between them', JSON.stringify(text))
    return type
  })
}
