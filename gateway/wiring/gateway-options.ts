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
  /** The gateway's Ed25519 key, which signs its assertions to the stores (schema/assertion.ts). */
  readonly assertionKey: { readonly key: CryptoKey; readonly keyId: string }
  /** Secrets of cursors and content urls: the first signs, all verify. Equal in all gateways that serve one client. */
  readonly secrets: Secrets
  /** The gateway's own address for content urls. @default as the viewer reached it */
  readonly publicUrl?: string
  /** Proxies whose Forwarded headers are believed. @default none */
  readonly trustedProxies?: BlockList
  /** The audit trail, to which every access is written before its answer leaves. The gateway closes it. */
  readonly trail: AuditTrail
  /** Records the trail's head elsewhere. @default nothing does */
  readonly witness?: HeadWitness | null
  /** Receives the trail's head each minute and at the end, for the log. @default nothing */
  readonly onHead?: (head: WitnessedHead) => void
  /** @default GraphiQL is not served */
  readonly graphiql?: GraphiQLPageOptions
  /** Maximum bytes of a request body. @default 100,000 */
  readonly maxBodyBytes?: number
  /** Milliseconds in which a request must arrive. @default 10,000 */
  readonly arrivalMs?: number
  /** Maximum concurrent operations, and separately, maximum concurrent document contents. @default 256 */
  readonly maxInFlight?: number
  /** Maximum concurrent operations of one person. @default 24 */
  readonly maxInFlightPerPerson?: number
  /** Operations and document contents of one person. @default 600 */
  readonly operationsPerMinute?: number
  /** The limits of one document. @default operationLimits */
  readonly limits?: OperationLimits
  /** Whether clients may query the schema. @default on with GraphiQL, off without */
  readonly introspection?: Introspection
  /** Origins of other sites whose pages may send requests. @default none */
  readonly corsOrigins?: readonly string[]
  /** Whether unpublished operations are answered. @default any */
  readonly trustedDocumentsMode?: TrustedDocumentsMode
  /** Whether a request may ask for its regional queries (`X-Plan: show`). @default with GraphiQL */
  readonly showsPlans?: boolean
  /** False: graphql-js executes every operation, which tests compare with the plans. @default true */
  readonly usesPlans?: boolean
  /** Maximum bytes of cached replies and responses; 0 caches nothing. @default 128 MiB */
  readonly cacheBytes?: number
  /**
   * Milliseconds after which a request is answered from the replies so far; must exceed every region's time. @default
   * 3000
   */
  readonly deadlineMs?: number
  readonly now?: () => number
  /** A monotonic clock in milliseconds, for suspended regions. @default performance.now */
  readonly clock?: () => number
  /** @default standard error */
  readonly log?: ServiceLog
  /** Receive each request after its answer has left. @default none */
  readonly observe?: readonly ObserveRequest[]
  /** Records traces; the gateway closes it. Null: traces are only passed on to the regions. @default null */
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
