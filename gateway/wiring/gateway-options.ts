import { BlockList } from 'node:net'
import type { CryptoKey } from 'jose'
import type { TokenVerifier } from '../../schema/access-token.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import type { Secrets } from '../../schema/secrets.ts'
import { createServiceLog, type ServiceLog } from '../../schema/service/service-log.ts'
import type { Spans } from '../../schema/service/spans.ts'
import type { AuditTrail } from '../audit/audit-trail.ts'
import type { HeadWitness, WitnessedHead } from '../audit/head-witness.ts'
import type { ObserveRequest } from '../observability/metrics/request-observation.ts'
import type { Introspection } from '../server/document-reader.ts'
import type { GraphiQLPageOptions } from '../server/graphiql-page.ts'
import { type OperationLimits, operationLimits } from '../server/operation-limits.ts'
import type { TrustedDocumentsMode } from '../server/trusted-documents.ts'

export interface GatewayOptions {
  readonly regions: readonly RegionConfiguration[]
  readonly verifyToken: TokenVerifier
  /** The gateway's Ed25519 key, with which it asserts the access context to the stores. */
  readonly assertionKey: { readonly key: CryptoKey; readonly keyId: string }
  /** Authenticate cursors and content urls: the first signs, all verify. The same in all gateways that serve one client. */
  readonly secrets: Secrets
  /** The gateway's own address for content urls. Absent: as the viewer reached it. */
  readonly publicUrl?: string
  /** Proxies whose word on how the viewer reached the gateway is believed. @default none */
  readonly trustedProxies?: BlockList
  /** Every access is on it before an answer leaves. The gateway closes it. */
  readonly trail: AuditTrail
  /** Who keeps the trail's head elsewhere. @default nobody */
  readonly witness?: HeadWitness | null
  /** Told of the trail's head each minute and at the end, for the log. @default nobody */
  readonly onHead?: (head: WitnessedHead) => void
  /** Absent: no GraphiQL. */
  readonly graphiql?: GraphiQLPageOptions
  /** The largest request body. @default 100 kB */
  readonly maxBodyBytes?: number
  /** How long a request may take to arrive. @default 10,000 */
  readonly arrivalMs?: number
  /** Operations that may be done at a time at the most, and contents that may be sent. @default 256 */
  readonly maxInFlight?: number
  /** Of these, operations of one person. @default 24 */
  readonly maxInFlightPerPerson?: number
  /** Of one person, contents among them. @default 600 */
  readonly operationsPerMinute?: number
  /** What one document may ask. @default operationLimits */
  readonly limits?: OperationLimits
  /** Whether the schema may be asked for. @default as GraphiQL */
  readonly introspection?: Introspection
  /** Origins of other sites whose pages may ask. @default none */
  readonly corsOrigins?: readonly string[]
  /** Whether operations that are not published are answered. @default any */
  readonly trustedDocumentsMode?: TrustedDocumentsMode
  /** Whether a request may ask to be shown what regions are asked for it. @default as GraphiQL */
  readonly showsPlans?: boolean
  /** False: graphql-js executes every operation, to compare the plans with. @default true */
  readonly usesPlans?: boolean
  /** What regions' replies may take in the cache; 0: none is kept. @default 128 MiB */
  readonly cacheBytes?: number
  /** How long a request may take before it is answered with what has come: more than any region's time. @default 3000 */
  readonly deadlineMs?: number
  readonly now?: () => number
  /** Milliseconds of a clock that only goes forward, for suspended regions. @default performance.now */
  readonly clock?: () => number
  /** @default standard error */
  readonly log?: ServiceLog
  /** Told of each request when its answer has left. @default nobody */
  readonly observe?: readonly ObserveRequest[]
  /** Where requests' traces are recorded; the gateway closes it. Null: traces are passed on to the regions. @default null */
  readonly spans?: Spans | null
}

/** The options with their defaults. `publicUrl` has none; without `graphiql` there is no GraphiQL. */
export type GatewaySettings = Required<Omit<GatewayOptions, 'publicUrl' | 'graphiql'>> & {
  readonly publicUrl: string | undefined
  readonly graphiql: GraphiQLPageOptions | null
}

/** Applies the defaults. */
export function toGatewaySettings({
  regions,
  verifyToken,
  assertionKey,
  secrets,
  publicUrl,
  trustedProxies = new BlockList(),
  trail,
  witness = null,
  onHead = () => {},
  graphiql,
  maxBodyBytes = 100_000,
  arrivalMs = 10_000,
  maxInFlight = 256,
  maxInFlightPerPerson = 24,
  operationsPerMinute = 600,
  limits = operationLimits,
  introspection = graphiql === undefined ? 'off' : 'on',
  corsOrigins = [],
  trustedDocumentsMode = 'any',
  showsPlans = graphiql !== undefined,
  usesPlans = true,
  cacheBytes = 128 * 1024 * 1024,
  deadlineMs = 3000,
  now = Date.now,
  clock = () => performance.now(),
  log = createServiceLog(),
  observe = [],
  spans = null,
}: GatewayOptions): GatewaySettings {
  return {
    regions,
    verifyToken,
    assertionKey,
    secrets,
    publicUrl,
    trustedProxies,
    trail,
    witness,
    onHead,
    graphiql: graphiql ?? null,
    maxBodyBytes,
    arrivalMs,
    maxInFlight,
    maxInFlightPerPerson,
    operationsPerMinute,
    limits,
    introspection,
    corsOrigins,
    trustedDocumentsMode,
    showsPlans,
    usesPlans,
    cacheBytes,
    deadlineMs,
    now,
    clock,
    log,
    observe,
    spans,
  }
}
