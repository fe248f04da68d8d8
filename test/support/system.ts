import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalJWKSet, exportJWK, generateKeyPair, type JSONWebKeySet, type JWTPayload, SignJWT } from 'jose'
import { type AuditTrail, createAuditTrail } from '../../gateway/audit/audit-trail.ts'
import type { TrailDisk } from '../../gateway/audit/trail-disk.ts'
import { createDemoGraphiQLPage } from '../../gateway/demo/demo-graphiql-page.ts'
import { type DemoTokenOptions, demoAudience, demoIssuer, mintToken } from '../../gateway/demo/mint-token.ts'
import { createGateway, type Gateway, type GatewayOptions } from '../../gateway/gateway.ts'
import type { OperationLimits } from '../../gateway/server/operation-limits.ts'
import { createTokenVerifier } from '../../schema/access-token.ts'
import type { Policies } from '../../schema/policies/create-policies.ts'
import { loadPublishers } from '../../schema/publishers.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import type { Secrets } from '../../schema/secrets.ts'
import { publishPeople } from '../../subgraphs/demo/publish-people.ts'
import { createFhirEndpoint } from '../../subgraphs/publishing/fhir-endpoint.ts'
import { createPrometheusMetrics } from '../../subgraphs/service/prometheus-metrics.ts'
import { createRecordService } from '../../subgraphs/service/record-service.ts'
import type { RecordStore } from '../../subgraphs/store/record-store.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { grantAccess } from './grant-access.ts'
import { loadTestRegions, type Slug } from './test-regions.ts'

export type { Slug } from './test-regions.ts'

/** By slug, the trust that publishes in a region. */
const trusts: Readonly<Record<string, string>> = { 'cheshire-merseyside': 'RBL', 'lancashire-south-cumbria': 'RXN' }

/** The secrets of a system's gateways. */
export const systemSecrets: Secrets = [new Uint8Array(32).fill(7)]

export interface GraphQLAnswer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers by the schema
  readonly data: any
  readonly errors: readonly {
    readonly message: string
    readonly path?: readonly (string | number)[]
    readonly extensions: Readonly<Record<string, unknown>>
  }[]
  readonly text: string
}

/**
 * A record store for each region and the gateway over them, for one test: real databases in a folder of their own, real
 * HTTP between them.
 */
export interface System extends AsyncDisposable {
  readonly gateway: Gateway
  /** Where the gateway listens. */
  readonly url: string
  readonly regions: readonly RegionConfiguration[]
  /** Whom it publishes is known to the default viewer's organisation and permits it to view. */
  store(slug: string): RecordStore
  /** The gateway's audit trail, and where it is kept. */
  readonly trail: AuditTrail
  readonly auditFolder: string
  /** A token of the system's own issuer. */
  token(options?: DemoTokenOptions): Promise<string>
  /** A token of the system's own issuer with these claims of NHS CIS2, and the scope record, good for ten minutes. */
  tokenOf(claims: JWTPayload): Promise<string>
  /** Asks the gateway as a consultant at Liverpool, or as whom the token says. */
  query(text: string, variables?: Readonly<Record<string, unknown>>, token?: string): Promise<GraphQLAnswer>
  /** The address of another gateway over the same stores, with a trail of its own; it ends with the system. */
  another(options: Partial<GatewayOptions>): Promise<string>
  /** Publishes a Bundle as a trust of the region would, or its office where `trusts` has none. */
  publish(slug: string, bundle: unknown): Promise<Response>
  /** How many requests for records each store has had, by slug. */
  requests(): Readonly<Record<Slug, number>>
  /** Ends a store's service; its database stays. */
  stop(slug: string): Promise<void>
  /** Starts a stopped store's service again, at the same address. */
  restart(slug: string): Promise<void>
}

export interface SystemOptions {
  /** @default loadTestRegions() */
  readonly regions?: readonly RegionConfiguration[]
  /** File of the list of publishers. @default schema/publishers.json */
  readonly publishers?: string | undefined
  /** Rules for the stores to decide by. @default each region's own */
  readonly storePolicies?: (slug: Slug) => Policies
  /** Publishes the demo's people. @default false */
  readonly people?: boolean
  readonly graphiql?: boolean
  /** False: a document may ask for as much as it likes, as tests of every field at once do. @default true */
  readonly limited?: boolean
  /** Lets the gateway keep regions' replies: they may be some milliseconds old then. @default false */
  readonly cache?: boolean
  /** What the audit trail writes through. @default the file system */
  readonly auditDisk?: TrailDisk
  /** Watches what a store is asked. @default nobody does */
  readonly watchStore?: (slug: Slug, store: RecordStore) => RecordStore
  /** The clock of gateway and stores. */
  readonly now?: () => number
}

export async function startSystem({
  regions: configured = loadTestRegions(),
  publishers: publisherFile,
  people = false,
  graphiql = false,
  limited = true,
  cache = false,
  storePolicies,
  auditDisk,
  watchStore = (_, store) => store,
  now = Date.now,
}: SystemOptions = {}): Promise<System> {
  const folder = mkdtempSync(join(tmpdir(), 'share2care-'))
  const issuer = await createKeys('issuer')
  const gatewayKeys = await createKeys('gateway')
  const verifyToken = createTokenVerifier({
    keys: createLocalJWKSet(issuer.keySet),
    issuer: demoIssuer,
    audience: demoAudience,
    now,
  })
  const token = (options?: DemoTokenOptions) => mintToken(issuer, options)

  const parts = await Promise.all(
    configured.map(async (region) => {
      const slug = region.slug as Slug
      const bare = createSqliteRecordStore({ region: region.code, file: join(folder, `${slug}.sqlite`), now })
      const publishers = loadPublishers(region, publisherFile)
      if (people) await publishPeople({ store: bare, region: slug, now: new Date(now()), publishers })
      const store = watchStore(slug, grantAccess(bare, { now }))
      let requests = 0
      const serve = (port: number) =>
        createRecordService({
          region,
          store,
          ...(storePolicies ? { policies: storePolicies(slug) } : {}),
          // A store verifies the viewer's token once for each request.
          verifyToken: (one) => {
            requests++
            return verifyToken(one)
          },
          gatewayKeys: createLocalJWKSet(gatewayKeys.keySet),
          publish: createFhirEndpoint({ store, verifyToken, publishers }),
          metrics: createPrometheusMetrics({ store, now }),
          now,
        }).listen({ port })
      let listening = await serve(0)
      const { url } = listening
      const restart = async () => {
        listening = await serve(Number(new URL(url).port))
      }
      // No run is long enough to suspend a stopped store: each gateway counts for itself, and two would differ.
      // test/failure tests suspension.
      const resilience = { ...region.resilience, failuresInRow: Number.MAX_SAFE_INTEGER }
      return {
        slug,
        store,
        stop: () => listening.close(),
        restart,
        region: { ...region, url, resilience },
        requests: () => requests,
      }
    }),
  )
  const partOf = (slug: string) => {
    const part = parts.find((one) => one.slug === slug)
    if (!part) throw new Error(`No store ${slug}`)
    return part
  }
  const regions = parts.map(({ region }) => region)
  const secrets = systemSecrets
  const auditFolder = join(folder, 'audit')
  const trail = await createAuditTrail({
    folder: auditFolder,
    writer: 'gateway',
    secrets,
    ...(auditDisk ? { disk: auditDisk } : {}),
  })
  // Tests ask more in a minute than a person does.
  const common = {
    regions,
    verifyToken,
    assertionKey: gatewayKeys,
    secrets,
    now,
    operationsPerMinute: 1_000_000,
    maxInFlightPerPerson: 1_000_000,
    ...(limited ? {} : { limits: withoutLimits }),
  }
  const others: Gateway[] = []
  const gateway = createGateway({
    ...common,
    trail,
    cacheBytes: cache ? 1024 * 1024 : 0,
    ...(graphiql ? { graphiql: createDemoGraphiQLPage(issuer) } : {}),
  })
  const { url } = await gateway.listen({ port: 0 })

  return {
    gateway,
    url,
    regions,
    trail,
    auditFolder,
    store: (slug) => partOf(slug).store,
    token,
    tokenOf: (claims) =>
      new SignJWT({ scope: 'record', ...claims })
        .setProtectedHeader({ alg: 'Ed25519', kid: issuer.keyId, typ: 'at+jwt' })
        .setIssuer(demoIssuer)
        .setAudience(demoAudience)
        .setExpirationTime(Math.floor(now() / 1000) + 600)
        .sign(issuer.key),
    async query(text, variables, given) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${given ?? (await token())}` },
        body: JSON.stringify({ query: text, variables }),
      })
      const body = await response.text()
      return { status: response.status, errors: [], ...JSON.parse(body), text: body }
    },
    async another(options) {
      const writer = `gateway-${others.length + 2}`
      // A gateway that refuses to start leaves its trail to whoever opened it.
      await using opened = new AsyncDisposableStack()
      const trail = options.trail ?? opened.use(await createAuditTrail({ folder: auditFolder, writer, secrets }))
      const other = createGateway({ ...common, cacheBytes: 0, ...options, trail })
      opened.move()
      others.push(other)
      return (await other.listen({ port: 0 })).url
    },
    async publish(slug, bundle) {
      const organisation = trusts[slug] ?? partOf(slug).region.organisation.odsCode
      const headers = {
        'content-type': 'application/fhir+json',
        authorization: `Bearer ${await token({ scope: 'publish', organisation })}`,
      }
      return fetch(`${partOf(slug).region.url}/fhir`, {
        method: 'POST',
        headers,
        body: typeof bundle === 'string' ? bundle : JSON.stringify(bundle),
      })
    },
    requests: () => Object.fromEntries(parts.map(({ slug, requests }) => [slug, requests()])) as Record<Slug, number>,
    stop: (slug) => partOf(slug).stop(),
    restart: (slug) => partOf(slug).restart(),
    async [Symbol.asyncDispose]() {
      await Promise.all([gateway, ...others].map((one) => one.close()))
      for (const { stop, store } of parts) {
        await stop()
        store.close()
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function createKeys(keyId: string) {
  const { privateKey, publicKey } = await generateKeyPair('Ed25519', { extractable: true })
  const keySet: JSONWebKeySet = { keys: [{ ...(await exportJWK(publicKey)), kid: keyId, alg: 'Ed25519' }] }
  return { key: privateKey, keyId, keySet }
}

const many = Number.MAX_SAFE_INTEGER
const withoutLimits: OperationLimits = {
  maxTokens: many,
  maxFragments: many,
  maxDirectives: many,
  maxAliases: many,
  maxDepth: many,
  maxBreadth: many,
  maxFields: many,
  maxCost: many,
}
