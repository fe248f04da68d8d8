import type { Route, RouteTable } from './routes.ts'

/** A request's route. */
export interface RouteMatch<Name extends string> {
  readonly status: 'matched'
  readonly name: Name
  readonly route: Route
  /** The template's parameter as the path has it; empty if the template has none. */
  readonly parameter: string
}

/**
 * `unknown`: no template matches the path. `other-method`: one does, for the methods in `allow` (RFC 9110, section
 * 10.2.1).
 */
export type RouteDecision<Name extends string> =
  | RouteMatch<Name>
  | { readonly status: 'unknown' }
  | { readonly status: 'other-method'; readonly allow: string }

export interface Router<Name extends string> {
  /** Decides by method and path. Paths are compared character by character, neither decoded nor normalised. */
  decide(method: string, path: string): RouteDecision<Name>
}

/** The routes of one template, by method. */
interface TemplateRoutes<Name extends string> {
  readonly byMethod: Map<string, RouteMatch<Name>>
  readonly parameter: RegExp | null
}

const unknown = { status: 'unknown' } as const

/**
 * Unreserved characters (RFC 3986, section 2.3), but not dots alone. Nothing in such a text can be decoded or resolved
 * to another path.
 */
const segment = '(?!\\.{1,2}(?:/|$))[\\w.~-]+'
const oneSegment = new RegExp(`^${segment}$`)
const manySegments = new RegExp(`^${segment}(?:/${segment})*$`)

/** Creates a table's router. `without` lists the routes that this service lacks. */
export function createRouter<Table extends RouteTable>(
  table: Table,
  without: readonly (keyof Table & string)[] = [],
): Router<keyof Table & string> {
  type Name = keyof Table & string
  const exact = new Map<string, TemplateRoutes<Name>>()
  const byFirstSegment = new Map<string, TemplateRoutes<Name>>()
  for (const [name, route] of Object.entries(table) as readonly [Name, Route][]) {
    if (without.includes(name)) continue
    const [path = '', parameter] = route.template.split('{', 2)
    const templates = parameter === undefined ? exact : byFirstSegment
    const routes = templates.get(path) ?? {
      byMethod: new Map(),
      parameter: parameter === undefined ? null : parameter.startsWith('+') ? manySegments : oneSegment,
    }
    templates.set(path, routes)
    for (const method of route.methods) routes.byMethod.set(method, { status: 'matched', name, route, parameter: '' })
  }
  return {
    decide(method, path) {
      const routes = exact.get(path)
      if (routes) return routes.byMethod.get(method) ?? toOtherMethod(routes)
      const first = path.slice(0, path.indexOf('/', 1) + 1)
      const withParameter = byFirstSegment.get(first)
      const parameter = path.slice(first.length)
      if (!withParameter?.parameter?.test(parameter)) return unknown
      const match = withParameter.byMethod.get(method)
      return match ? { ...match, parameter } : toOtherMethod(withParameter)
    },
  }
}

function toOtherMethod({ byMethod }: TemplateRoutes<string>) {
  return { status: 'other-method', allow: [...byMethod.keys()].join(', ') } as const
}
