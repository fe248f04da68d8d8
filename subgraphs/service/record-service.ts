import type { IncomingMessage } from 'node:http'
import { createSchema, createYoga } from 'graphql-yoga'
import type { JWTVerifyGetKey } from 'jose'
import type { TokenVerifier } from '../../schema/access-token.ts'
import { type CloseOptions, type Listening, type ListenOptions, listen } from '../../schema/http/listen.ts'
import { createServiceLog, type ServiceLog } from '../../schema/http/service-log.ts'
import { useHealth } from '../../schema/http/use-health.ts'
import { useJsonRequests } from '../../schema/http/use-json-requests.ts'
import { useSafeErrors } from '../../schema/http/use-safe-errors.ts'
import type { Policies } from '../../schema/policies/create-policies.ts'
import { loadPolicies } from '../../schema/policies/load-policies.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import type { Spans } from '../../schema/tracing/spans.ts'
import type { RecordStore } from '../store/record-store.ts'
import { withServerSpan } from '../tracing/with-server-span.ts'
import { createResolvers, type RecordResolvers } from './resolvers.ts'
import type { ServedRequest, ServiceMetrics } from './service-metrics.ts'
import { useAuthentication } from './use-authentication.ts'
import { useChanges } from './use-changes.ts'
import { useContent } from './use-content.ts'
import { useMetrics } from './use-metrics.ts'
import { type PublishHandler, usePublishing } from './use-publishing.ts'
import { useRootField } from './use-root-field.ts'
import { withObservation } from './with-observation.ts'

export interface RecordServiceOptions {
  readonly region: RegionConfiguration
  readonly store: RecordStore
  /** The whole SDL: the clinical vocabulary and the region's own. */
  readonly sdl: string
  /** The region's consent rules. @default its own, loaded; throws PolicyFault where they are wrong */
  readonly policies?: Policies
  /** Resolvers of what only this region's Record has. */
  readonly recordResolvers: RecordResolvers
  readonly verifyToken: TokenVerifier
  /** Keys of the gateways that may ask. */
  readonly gatewayKeys: JWTVerifyGetKey
  /** Answers POST /fhir; without it there is no such path. */
  readonly publish?: PublishHandler
  /** Where requests' spans are recorded; its owner closes it. @default nowhere */
  readonly spans?: Spans | null
  /** Told of the work, and asked by GET /metrics; without it there is no such path. */
  readonly metrics?: ServiceMetrics
  /** @default Date.now */
  readonly now?: () => number
  /** @default standard error */
  readonly log?: ServiceLog
  /** Told of each request that is done. @default nobody */
  readonly logRequest?: (request: ServedRequest) => void
}

export interface RecordService {
  fetch(request: Request): Promise<Response>
  listen(options: ListenOptions): Promise<Listening>
}

/** The largest body of a request to /graphql, in bytes. */
const largestBody = 1_000_000

/** A region's record store over HTTP: /graphql, /changes, /livez, /readyz and, where given, /fhir and /metrics. */
export function createRecordService(options: RecordServiceOptions): RecordService {
  const { region, store, sdl, recordResolvers, verifyToken, gatewayKeys, publish, metrics, now = Date.now, log = createServiceLog(), logRequest, spans = null } = options
  const { policies = loadPolicies(region.slug, { onError: (reason) => log('A consent rule failed, which denies', new Error(reason)) }) } = options
  const closing = new AbortController()
  const isReady = async () => !closing.signal.aborted && (await store.sequence()) >= 0
  const onFrequentGrants = ({ id }: { readonly id: string }) => {
    metrics?.frequentGrant()
    log('One person broke the glass ten times or more in an hour', `the last is grant ${id}`)
  }
  const rootFields = new WeakMap<IncomingMessage, string>()
  const yoga = createYoga<{ readonly req?: IncomingMessage }>({
    id: region.slug,
    schema: createSchema({ typeDefs: sdl, resolvers: createResolvers({ store, region, policies, recordResolvers, onRelease: metrics?.released, onFrequentGrants, now }) }),
    plugins: [
      useHealth(isReady),
      useMetrics(metrics, log),
      usePublishing(publish, log),
      useChanges({ store, region: region.code, policyVersion: policies.version, gatewayKeys, closing: closing.signal, onListeners: metrics?.listening, now, log }),
      useAuthentication({ verifyToken, gatewayKeys, region: region.code, now, log }),
      useContent({ store, policies, onRelease: metrics?.released, now }),
      useJsonRequests(largestBody),
      useRootField((request, field) => rootFields.set(request, field)),
      useSafeErrors(log),
    ],
    maxRequestBodySize: false,
    // useSafeErrors sees every error, those of parsing and validation too, which this option does not.
    maskedErrors: false,
    multipart: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    logging: false,
  })
  return {
    fetch: async (request) => yoga.fetch(request),
    listen: async (where) => {
      const observed = withObservation(yoga, { metrics, logRequest, rootFieldOf: (request) => rootFields.get(request) })
      const listening = await listen(withServerSpan(observed, spans), where)
      const close = async (options?: CloseOptions) => {
        closing.abort()
        await listening.close(options)
      }
      return { url: listening.url, close, [Symbol.asyncDispose]: close }
    },
  }
}
