import { changesPath } from '../change-event.ts'
import type { Scope } from '../scopes.ts'

/**
 * Who may come in. `viewer`: the holder of an access token, at a store beside a gateway's assertion; for `each-field`, each root field of the
 * operation names its scope. `gateway`: a gateway by its own assertion, for no viewer. `publisher`: the holder of a publisher's token.
 */
export type RouteAccess =
  | { readonly admits: 'anyone' }
  | { readonly admits: 'viewer'; readonly scope: Scope | 'each-field' }
  | { readonly admits: 'gateway' }
  | { readonly admits: 'publisher'; readonly scope: Scope }

/** Requests of these methods to paths of this template. */
export type Route = RouteAccess & {
  /** An exact path, or a first segment and a parameter: `{name}` is one segment, `{+name}` any number of them (RFC 6570). */
  readonly template: string
  readonly methods: readonly ('GET' | 'HEAD' | 'POST')[]
}

export type RouteTable = Readonly<Record<string, Route>>

const read = ['GET', 'HEAD'] as const

/** All that the gateway answers. Everything else is 404. */
export const gatewayRoutes = {
  graphql: { template: '/graphql', methods: ['POST'], admits: 'viewer', scope: 'each-field' },
  /** GraphiQL's page, where it is on. */
  graphiql: { template: '/graphql', methods: ['GET'], admits: 'anyone' },
  document: { template: '/documents/{ticket}', methods: ['GET'], admits: 'viewer', scope: 'record' },
  operationsFigures: { template: '/ops/figures', methods: ['GET'], admits: 'viewer', scope: 'operations' },
  operationsPage: { template: '/ops', methods: read, admits: 'anyone' },
  utilisationPage: { template: '/utilisation', methods: read, admits: 'anyone' },
  pageAsset: { template: '/assets/{+file}', methods: read, admits: 'anyone' },
  live: { template: '/livez', methods: read, admits: 'anyone' },
  ready: { template: '/readyz', methods: read, admits: 'anyone' },
  metrics: { template: '/metrics', methods: ['GET'], admits: 'anyone' },
} as const satisfies RouteTable

export type GatewayRoute = keyof typeof gatewayRoutes

/** All that a region's record store answers. Everything else is 404. */
export const storeRoutes = {
  graphql: { template: '/graphql', methods: ['POST'], admits: 'viewer', scope: 'each-field' },
  content: { template: '/content/{id}', methods: ['GET'], admits: 'viewer', scope: 'record' },
  changes: { template: changesPath, methods: ['GET'], admits: 'gateway' },
  /** Where the store has a publisher. */
  fhir: { template: '/fhir', methods: ['POST'], admits: 'publisher', scope: 'publish' },
  live: { template: '/livez', methods: read, admits: 'anyone' },
  ready: { template: '/readyz', methods: read, admits: 'anyone' },
  /** Where the store has metrics. */
  metrics: { template: '/metrics', methods: ['GET'], admits: 'anyone' },
} as const satisfies RouteTable

export type StoreRoute = keyof typeof storeRoutes

/** The path of a template with this value of its parameter. */
export function toPath(template: string, parameter: string): string {
  return template.replace(/\{.*\}$/, () => parameter)
}
