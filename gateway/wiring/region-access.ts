import { buildSchema, type GraphQLSchema } from 'graphql'
import type { Policies } from '../../schema/policies/create-policies.ts'
import { loadPolicies } from '../../schema/policies/load-policies.ts'
import { readRegionalSdl } from '../../schema/sdl.ts'
import { type ChangeFeeds, createChangeFeeds } from '../change-feed/change-feeds.ts'
import { createAccessDecider, type DecideAccess } from '../consent/decide-access.ts'
import { createFlaggedPatients, type IsFlagged } from '../consent/flagged-patients.ts'
import type { GatewayMetrics } from '../observability/metrics/gateway-metrics.ts'
import { type CoherentReplyCache, createCoherentReplyCache } from '../regions/coherent-reply-cache.ts'
import { createCredentials } from '../regions/credentials.ts'
import { createRegionClient, type RegionClient } from '../regions/region-client.ts'
import { createRequestCoalescer, type RequestCoalescer } from '../regions/request-coalescer.ts'
import type { GatewaySettings } from './gateway-options.ts'

/** The parts that ask the regions: whether a viewer may ask, as whom, over which connection, and what is cached. */
export interface RegionAccess {
  /** The regions' codes. */
  readonly codes: readonly string[]
  /** Each region's own schema, by its code. */
  readonly schemas: ReadonlyMap<string, GraphQLSchema>
  /** Each region's rules, by its code. */
  readonly policies: ReadonlyMap<string, Policies>
  readonly decideAccess: DecideAccess
  readonly isFlagged: IsFlagged
  readonly credentialsOf: ReturnType<typeof createCredentials>
  readonly clients: readonly RegionClient[]
  readonly feeds: ChangeFeeds
  readonly replyCache: CoherentReplyCache
  readonly coalescer: RequestCoalescer
}

export interface RegionAccessOptions {
  readonly settings: Pick<GatewaySettings, 'regions' | 'assertionKey' | 'now' | 'clock' | 'log'>
  /** Maximum bytes of cached replies; 0 caches none. */
  readonly replyCacheBytes: number
  readonly metrics: GatewayMetrics
}

/** Throws PolicyFault if a region's rules are wrong. */
export function createRegionAccess({
  settings: { regions, assertionKey, now, clock, log },
  replyCacheBytes,
  metrics,
}: RegionAccessOptions): RegionAccess {
  const codes = regions.map(({ code }) => code)
  const onError = (reason: string) => log('A consent rule failed, which denies', new Error(reason))
  const policies = new Map(regions.map((region) => [region.code, loadPolicies(region, { onError })]))
  const clientParts = regions.map((region) => ({ region, schema: buildSchema(readRegionalSdl(region)) }))
  const clients = clientParts.map(({ region, schema }) =>
    createRegionClient({ region, schema, now, clock, onCall: metrics.onCall }),
  )
  const feeds = createChangeFeeds({ regions, assertionKey, now, log })
  const flaggedPatients = createFlaggedPatients(feeds)
  const replyCache = createCoherentReplyCache({
    regions: codes,
    isCurrent: feeds.isCurrent,
    maxBytes: replyCacheBytes,
    now,
  })
  feeds.subscribe({
    patientChanged: replyCache.invalidatePatient,
    regionReset: replyCache.resetRegion,
    becameStale: replyCache.clearRegion,
  })
  feeds.subscribe(flaggedPatients)
  return {
    codes,
    schemas: new Map(clientParts.map(({ region, schema }) => [region.code, schema])),
    policies,
    decideAccess: createAccessDecider(policies, now),
    isFlagged: flaggedPatients.isFlagged,
    credentialsOf: createCredentials({ assertionKey, now }),
    clients,
    feeds,
    replyCache,
    coalescer: createRequestCoalescer({ cache: replyCache, now, onLookup: metrics.onLookup }),
  }
}
