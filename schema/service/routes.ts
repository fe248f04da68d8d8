import { changesPath } from '../change-event.ts'
import type { Scope } from '../scopes.ts'

/**
 * Who may use a route. `viewer`: the holder of an access token, at a store with a gateway's assertion; with
 * `each-field`, each root field of the operation names its scope. `gateway`: a gateway by its own assertion, for no
 * viewer. `publisher`: the holder of a publisher's token.
 */
export type RouteAccess =
  | { readonly admits: 'anyone' }
  | { readonly admits: 'viewer'; readonly scope: Scope | 'each-field' }
  | { readonly admits: 'gateway' }
  | { readonly admits: 'publisher'; readonly scope: Scope }

/** A route: requests of these methods to paths of this template. */
export type Route = RouteAccess & {
  /**
   * An exact path, or a first segment and a parameter: `{name}` matches one segment, `{+name}` any number (RFC 6570).
   */
  readonly template: string
  readonly methods: readonly ('GET' | 'HEAD' | 'POST')[]
}

export type RouteTable = Readonly<Record<string, Route>>

const read = ['GET', 'HEAD'] as const

/** The gateway's routes. All other paths are 404. */
export const gatewayRoutes = {
  graphql: { template: '/graphql', methods: ['POST'], admits: 'viewer', scope: 'each-field' },
  /** GraphiQL's page, where it is enabled. */
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

/** The routes of a region's record store. All other paths are 404. */
export const storeRoutes = {
  graphql: { template: '/graphql', methods: ['POST'], admits: 'viewer', scope: 'each-field' },
  content: { template: '/content/{id}', methods: ['GET'], admits: 'viewer', scope: 'record' },
  changes: { template: changesPath, methods: ['GET'], admits: 'gateway' },
  /** Only where the store has a publisher. */
  fhir: { template: '/fhir', methods: ['POST'], admits: 'publisher', scope: 'publish' },
  live: { template: '/livez', methods: read, admits: 'anyone' },
  ready: { template: '/readyz', methods: read, admits: 'anyone' },
  /** Only where the store has metrics. */
  metrics: { template: '/metrics', methods: ['GET'], admits: 'anyone' },
} as const satisfies RouteTable

export type StoreRoute = keyof typeof storeRoutes

/** Expands a template with a value of its parameter. */
export function toPath(template: string, parameter: string): string {
  return template.replace(/\{.*\}$/, () => parameter)
}
