import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import Provider from 'oidc-provider'
import { vi } from 'vitest'
import { listenAnywhere } from '../http/listen-anywhere.ts'

export interface IdentityProviderOptions {
  /** What access tokens say of their holder beside the claims of RFC 9068. */
  readonly claims: Readonly<Record<string, unknown>>
  /** The header `typ` of access tokens. @default at+jwt */
  readonly typ?: string
}

/** An OpenID provider at an address of its own: `oidc-provider`, which shares no code with what it tests but jose. */
export interface IdentityProvider extends AsyncDisposable {
  readonly issuer: string
  /** As its metadata names it. */
  readonly jwksUri: string
  /**
   * An access token by the client credentials grant, for a resource (RFC 8707): `share2care`, `elsewhere` or `opaque`.
   */
  accessToken(scope: string, resource?: Resource): Promise<string>
  /** Signs a person in by the authorization code flow, and resolves with both tokens. */
  signIn(scope: string): Promise<{ readonly accessToken: string; readonly idToken: string }>
  /** Signs with a new key from now on; the former ones stay in its JWK Set, or are removed. */
  rotateKeys(former: 'stay' | 'go'): Promise<void>
}

type Resource = 'share2care' | 'elsewhere' | 'opaque'

/** How long its access tokens live. */
export const tokenLifeSeconds = 300
// The same as the audience: of all ID tokens, those of this client come nearest to an access token.
const clientId = 'share2care'
const clientSecret = 'a secret of the tests'
const scopes = 'record publish operations nationalrbacaccess share2care-record'

export async function startIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  firstKey ??= createKey()
  let keys = [await firstKey]
  let answer: ReturnType<Provider['callback']> = () => Promise.resolve()
  const server = await listenAnywhere(createServer((request, response) => void answer(request, response)))
  const issuer = server.url
  const renew = () => {
    answer = createProvider(issuer, keys, options).callback()
  }
  renew()

  const ask = async (parameters: Readonly<Record<string, string>>) => {
    const authorization = `Basic ${btoa(`${clientId}:${encodeURIComponent(clientSecret)}`)}`
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams(parameters),
    })
    const tokens = (await response.json()) as { readonly access_token?: string; readonly id_token?: string }
    if (!tokens.access_token) throw new Error(`The provider gave no token: ${JSON.stringify(tokens)}`)
    return { accessToken: tokens.access_token, idToken: tokens.id_token ?? '' }
  }
  const metadata = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as {
    readonly jwks_uri: string
  }
  return {
    issuer,
    jwksUri: metadata.jwks_uri,
    accessToken: async (scope, resource = 'share2care') =>
      (await ask({ grant_type: 'client_credentials', scope, resource: toResource(resource) })).accessToken,
    async signIn(scope) {
      const verifier = randomBytes(32).toString('base64url')
      const code = await authorize(issuer, {
        client_id: clientId,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope: `openid ${scope}`.trim(),
        resource: toResource('share2care'),
        nonce: 'a nonce of the viewer',
        code_challenge_method: 'S256',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      })
      return ask({
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
        resource: toResource('share2care'),
      })
    },
    async rotateKeys(former) {
      keys = [await createKey(), ...(former === 'stay' ? keys : [])]
      renew()
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

// Made once: an RSA key takes a fifth of a second.
let firstKey: Promise<JWK> | undefined
const redirectUri = 'https://viewer.example/signed-in'

function toResource(resource: Resource): string {
  return `https://${resource}.example/`
}

function createProvider(issuer: string, keys: readonly JWK[], { claims, typ }: IdentityProviderOptions): Provider {
  // It warns that its store and its pages are for tests only, as here.
  const warnings = vi.spyOn(console, 'warn').mockReturnValue()
  const provider = new Provider(issuer, {
    jwks: { keys: [...keys] },
    cookies: { keys: ['a key of the tests'] },
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        grant_types: ['authorization_code', 'client_credentials'],
        response_types: ['code'],
        redirect_uris: [redirectUri],
      },
    ],
    scopes: ['openid', ...scopes.split(' ')],
    ttl: {
      AccessToken: tokenLifeSeconds,
      ClientCredentials: tokenLifeSeconds,
      IdToken: tokenLifeSeconds,
      Interaction: 60,
      Session: 60,
      Grant: 60,
    },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    extraTokenClaims: () => ({ ...claims }),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource) => {
          const name = new URL(resource).hostname.replace('.example', '')
          return { scope: scopes, audience: name, accessTokenFormat: name === 'opaque' ? 'opaque' : 'jwt' }
        },
      },
    },
    formats: {
      customizers: {
        jwt: (_, __, parts) => {
          if (typ !== undefined) parts.header = { ...parts.header, typ }
        },
      },
    },
  })
  warnings.mockRestore()
  return provider
}

/** Goes through the provider's own pages, as a browser would, and resolves with the code. */
async function authorize(issuer: string, parameters: Readonly<Record<string, string>>): Promise<string> {
  const cookies = new Map<string, string>()
  const visit = async (location: string, form?: Readonly<Record<string, string>>): Promise<string> => {
    const response = await fetch(new URL(location, issuer), {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      cookies.set(name, value)
    }
    return response.headers.get('location') ?? ''
  }
  let location = await visit(`/auth?${new URLSearchParams(parameters)}`)
  const forms: readonly Readonly<Record<string, string>>[] = [
    { prompt: 'login', login: '555036632103', password: 'any' },
    { prompt: 'consent' },
  ]
  for (const form of forms) {
    // Where nothing is to be consented to, the provider does not ask.
    if (!location.startsWith(redirectUri)) location = await visit(await visit(location, form))
  }
  const code = new URL(location).searchParams.get('code')
  if (code === null) throw new Error(`The provider gave no code: ${location}`)
  return code
}

async function createKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { ...(await exportJWK(privateKey)), kid: randomBytes(8).toString('hex'), alg: 'RS256', use: 'sig' }
}
