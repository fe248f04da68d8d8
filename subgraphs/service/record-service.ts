import { createSchema, createYoga } from 'graphql-yoga'
import type { JWTVerifyGetKey } from 'jose'
import type { TokenVerifier } from '../../schema/access-token.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import type { RecordStore } from '../store/record-store.ts'
import { type Listening, type ListenOptions, listen } from './listen.ts'
import { createResolvers, type RecordResolvers } from './resolvers.ts'
import { logToConsole, type ServiceLog } from './service-log.ts'
import { useAuthentication } from './use-authentication.ts'
import { useHealth } from './use-health.ts'
import { useJsonRequests } from './use-json-requests.ts'
import { type PublishHandler, usePublishing } from './use-publishing.ts'
import { useSafeErrors } from './use-safe-errors.ts'

export interface RecordServiceOptions {
  readonly region: RegionConfiguration
  readonly store: RecordStore
  /** The whole SDL: the clinical vocabulary and the region's own. */
  readonly sdl: string
  /** Resolvers of what only this region's Record has. */
  readonly recordResolvers: RecordResolvers
  readonly verifyToken: TokenVerifier
  /** Keys of the gateways that may ask. */
  readonly gatewayKeys: JWTVerifyGetKey
  /** Answers POST /fhir; without it there is no such path. */
  readonly publish?: PublishHandler
  /** @default Date.now */
  readonly now?: () => number
  /** @default standard error */
  readonly log?: ServiceLog
}

export interface RecordService {
  fetch(request: Request): Promise<Response>
  listen(options: ListenOptions): Promise<Listening>
}

/** The largest body of a request to /graphql, in bytes. */
const largestBody = 1_000_000

/** A region's record store over HTTP: /graphql, /livez, /readyz and, where given, /fhir. */
export function createRecordService(options: RecordServiceOptions): RecordService {
  const { region, store, sdl, recordResolvers, verifyToken, gatewayKeys, publish, now = Date.now, log = logToConsole } = options
  let closing = false
  const isReady = async () => !closing && (await store.sequence()) >= 0
  const yoga = createYoga({
    id: region.slug,
    schema: createSchema({ typeDefs: sdl, resolvers: createResolvers({ store, viewField: region.viewField, recordResolvers, now }) }),
    plugins: [
      useHealth(isReady),
      usePublishing(publish, log),
      useAuthentication({ verifyToken, gatewayKeys, region: region.code, now, log }),
      useJsonRequests(largestBody),
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
      const listening = await listen(yoga, where)
      const close = async () => {
        closing = true
        await listening.close()
      }
      return { url: listening.url, close, [Symbol.asyncDispose]: close }
    },
  }
}
