import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildSchema } from 'graphql'
import { createYoga, useReadinessCheck } from 'graphql-yoga'
import type { CryptoKey } from 'jose'
import type { TokenVerifier } from '../schema/access-token.ts'
import { signAssertion } from '../schema/assertion.ts'
import type { RegionConfiguration } from '../schema/regions.ts'
import { readPublicSdl, readRegionalSdl } from '../schema/sdl.ts'
import { composeSchema } from './composition/compose-schema.ts'
import { createGraphiQLPage, type GraphiQLPageOptions } from './http/graphiql.ts'
import { createErrorMask } from './http/mask-error.ts'
import { useBearerToken } from './http/use-bearer-token.ts'
import { useHttpRules } from './http/use-http-rules.ts'
import { createRegionClient } from './regions/region-client.ts'
import { createRegionLoader } from './regions/region-loader.ts'
import type { RequestContext } from './request-context.ts'
import { createCursorCodec } from './view/timeline-cursor.ts'
import { createViewResolvers } from './view/view-resolvers.ts'

export interface GatewayOptions {
  readonly regions: readonly RegionConfiguration[]
  readonly verifyToken: TokenVerifier
  /** The gateway's Ed25519 key, with which it asserts the access context to the stores. */
  readonly assertionKey: { readonly key: CryptoKey; readonly keyId: string }
  /** Authenticates timeline cursors; the same in all gateways that serve one client. At least 32 bytes. */
  readonly cursorSecret: Uint8Array
  /** Absent: no GraphiQL. */
  readonly graphiql?: GraphiQLPageOptions
  /** The largest request body. @default 100 kB */
  readonly maxBodyBytes?: number
  readonly now?: () => number
  /** Where unexpected errors are told, whole. @default console.error */
  readonly report?: (error: unknown) => void
}

export interface Gateway {
  /** The front door without a socket. */
  fetch(request: Request): Promise<Response>
  /** Port 0 takes any free one. */
  listen(port: number, host?: string): Promise<{ readonly url: string }>
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const endpoint = '/graphql'
const assertionLifeMs = 60_000

/** The gateway: one patient view over the regions' record stores. */
export function createGateway(options: GatewayOptions): Gateway {
  const { regions, verifyToken, assertionKey, cursorSecret, graphiql, maxBodyBytes = 100_000, now = Date.now, report = console.error } = options
  const regionalSchemas = new Map(regions.map((region) => [region.code, buildSchema(readRegionalSdl(region))]))
  const clients = regions.map((region) => createRegionClient({ region, schema: regionalSchemas.get(region.code) ?? buildSchema(readRegionalSdl(region)) }))
  const resolvers = createViewResolvers({ clients, cursors: createCursorCodec(cursorSecret), regionalSchemas })
  const bearerTokens = useBearerToken(verifyToken, endpoint)

  const yoga = createYoga({
    schema: composeSchema({ regions, publicSdl: readPublicSdl(), regionalSchemas, resolvers }),
    graphqlEndpoint: endpoint,
    healthCheckEndpoint: '/livez',
    plugins: [useReadinessCheck({ endpoint: '/readyz', check: () => true }), useHttpRules(endpoint), bearerTokens.plugin],
    context: ({ request }): RequestContext => {
      const { token, holder } = bearerTokens.viewerOf(request)
      const loader = createRegionLoader(async (region, context) => ({
        token,
        assertion: await signAssertion({ ...assertionKey, region, token, context, expiresAtMs: now() + assertionLifeMs }),
      }))
      return { holder, loader }
    },
    maskedErrors: { maskError: createErrorMask(report) },
    ...(graphiql ? createGraphiQLPage(graphiql) : { graphiql: false }),
    landingPage: false,
    multipart: false,
    cors: false,
    logging: false,
    maxRequestBodySize: maxBodyBytes,
  })
  const server = createServer(yoga)

  const close = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeIdleConnections()
    await Promise.all([closed, ...clients.map((client) => client.close())])
  }
  return {
    fetch: async (request) => yoga.fetch(request),
    listen: (port, host = '127.0.0.1') =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => resolve({ url: `http://${host}:${(server.address() as AddressInfo).port}` }))
      }),
    close,
    [Symbol.asyncDispose]: close,
  }
}
