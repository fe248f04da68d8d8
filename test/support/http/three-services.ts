import { createLocalJWKSet, exportJWK, generateKeyPair, type JSONWebKeySet } from 'jose'
import { demoAudience, demoIssuer, mintToken } from '../../../gateway/demo/mint-token.ts'
import { createTokenVerifier } from '../../../schema/access-token.ts'
import { assertionHeader, signAssertion } from '../../../schema/assertion.ts'
import { signFeedAssertion } from '../../../schema/feed-assertion.ts'
import { loadPublishers } from '../../../schema/publishers.ts'
import type { Scope } from '../../../schema/scopes.ts'
import { gatewayRoutes, type Route, type RouteAccess, storeRoutes, toPath } from '../../../schema/service/routes.ts'
import { createFhirEndpoint } from '../../../subgraphs/publishing/fhir-endpoint.ts'
import { loadRegion } from '../../../subgraphs/service/store-settings.ts'
import { createTestService, type RegionSlug } from '../store/test-service.ts'
import { startSystem } from '../system.ts'

export type Headers = Readonly<Record<string, string>>

/** A service that listens, with every route of its table. */
export interface RoutedService {
  readonly name: string
  readonly url: string
  fetch(request: Request): Promise<Response>
  readonly routes: Readonly<Record<string, Route>>
  /** The headers of a caller whom this door admits; of a token with other scopes where they are given. */
  headersFor(door: RouteAccess, scope?: string): Promise<Headers>
  /** How many requests had their caller verified. */
  verified(): number
  readonly logged: unknown[]
}

export interface ThreeServices extends AsyncDisposable {
  readonly services: readonly RoutedService[]
}

/** A path of the route, with a parameter that means something where one does. */
export function toRoutePath({ template }: Route): string {
  return toPath(template, template.includes('{+file}') ? 'pages/page.css' : 'x')
}

/** The scope that a door asks for; `record` stands for each field's. */
function scopeOf(door: RouteAccess): Scope {
  return 'scope' in door && door.scope !== 'each-field' ? door.scope : 'record'
}

/** The gateway with GraphiQL, and both stores with publishing and metrics: each by its own socket. */
export async function startThreeServices(): Promise<ThreeServices> {
  await using opened = new AsyncDisposableStack()
  const system = opened.use(await startSystem({ graphiql: true }))
  const logged: unknown[] = []
  const gateway: RoutedService = {
    name: 'gateway',
    url: system.url,
    fetch: system.gateway.fetch,
    routes: gatewayRoutes,
    headersFor: async (door, scope = scopeOf(door)) => ({ authorization: `Bearer ${await system.token({ scope })}` }),
    verified: () => Object.values(system.requests()).reduce((sum, count) => sum + count),
    logged,
  }
  const stores = await Promise.all(
    (['cheshire-merseyside', 'lancashire-south-cumbria'] as const).map((slug) => startStore(slug, opened)),
  )
  const closing = opened.move()
  return { services: [gateway, ...stores], [Symbol.asyncDispose]: () => closing.disposeAsync() }
}

async function startStore(slug: RegionSlug, opened: AsyncDisposableStack): Promise<RoutedService> {
  const [issuer, gatewayKey] = [await createKeys('issuer'), await createKeys('gateway')]
  const verify = createTokenVerifier({
    keys: createLocalJWKSet(issuer.keySet),
    issuer: demoIssuer,
    audience: demoAudience,
  })
  let verified = 0
  const verifyToken: typeof verify = (token) => {
    verified++
    return verify(token)
  }
  const made = opened.use(
    await createTestService({
      region: slug,
      now: Date.now,
      verifyToken,
      gatewayKeys: createLocalJWKSet(gatewayKey.keySet),
      publish: createFhirEndpoint({
        store: { publish: async () => [] },
        verifyToken,
        publishers: loadPublishers(loadRegion(slug)),
      }),
      metrics: {
        requestStarted() {},
        requestEnded() {},
        frequentGrantGiven() {},
        releaseDecided() {},
        listenersChanged() {},
        print: async () => ({ contentType: 'text/plain', text: '' }),
      },
    }),
  )
  const { url } = opened.use(await made.service.listen({ port: 0 }))
  const region = loadRegion(slug).code
  const expiresAtMs = Date.now() + 50_000
  return {
    name: slug,
    url,
    fetch: made.service.fetch,
    routes: storeRoutes,
    async headersFor(door, scope = scopeOf(door)): Promise<Headers> {
      if (door.admits === 'gateway')
        return { [assertionHeader]: await signFeedAssertion({ ...gatewayKey, region, expiresAtMs }) }
      // The store's office may publish in its region, and read as any organisation of it.
      const token = await mintToken(issuer, { scope, organisation: loadRegion(slug).organisation.odsCode })
      const context = { purpose: 'DIRECT_CARE', relationship: 'ATTENDING', reason: null, supervisor: null } as const
      return {
        authorization: `Bearer ${token}`,
        [assertionHeader]: await signAssertion({ ...gatewayKey, region, token, context, expiresAtMs }),
      }
    },
    verified: () => verified,
    logged: made.logged,
  }
}

async function createKeys(keyId: string) {
  const { privateKey, publicKey } = await generateKeyPair('Ed25519', { extractable: true })
  const keySet: JSONWebKeySet = { keys: [{ ...(await exportJWK(publicKey)), kid: keyId, alg: 'Ed25519' }] }
  return { key: privateKey, keyId, keySet }
}
