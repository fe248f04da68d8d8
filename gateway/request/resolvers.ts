import type { GraphQLResolveInfo, GraphQLScalarType } from 'graphql'

/** Resolvers by type and field, in the form that graphql-js and the composition take. */
export type Resolvers = Record<string, GraphQLScalarType | Record<string, Resolver>>

// biome-ignore lint/suspicious/noExplicitAny: what a resolver is given is known by the schema, not by the compiler
export type Resolver = (source: any, args: any, context: any, info: GraphQLResolveInfo) => unknown

/** The resolvers of operations that plans answer. */
export interface PlannedResolvers {
  readonly scalars: Readonly<Record<string, GraphQLScalarType>>
  /**
   * Root fields are awaited. A response can be cached only if each of its root fields adds its dependencies to the
   * request's.
   */
  readonly Query: Readonly<Record<string, Resolver>>
  /** Fields below the root, by type and field. */
  readonly fields: FieldResolvers
}

export type FieldResolvers = Readonly<Record<string, Readonly<Record<string, FieldResolver>>>>

/**
 * Resolves a field below the root. `cacheable`: the value follows from source and arguments, so the response may be
 * cached, and the resolver is not given the request. `async`: the value is awaited, so graphql-js executes the
 * operation.
 */
export type FieldResolver =
  | { readonly cacheable: true; readonly async: false; readonly resolve: SourceResolver }
  | { readonly cacheable: false; readonly async: false; readonly resolve: RequestResolver<Settled> }
  | { readonly cacheable: false; readonly async: true; readonly resolve: RequestResolver<Promise<unknown>> }

// biome-ignore lint/suspicious/noExplicitAny: as Resolver's
type SourceResolver = (source: any, args: any, info: FieldInfo) => Settled

// biome-ignore lint/suspicious/noExplicitAny: as Resolver's
type RequestResolver<Value> = (source: any, args: any, context: any, info: FieldInfo) => Value

/** The parts of GraphQLResolveInfo that a plan gives a field's resolver. */
export type FieldInfo = Pick<GraphQLResolveInfo, 'fieldNodes'>

/** Any value but a promise. */
type Settled = string | number | boolean | null | undefined | (object & { readonly then?: never })

/** Field resolvers as graphql-js takes them. */
export function toResolvers(fields: FieldResolvers): Resolvers {
  return Object.fromEntries(
    Object.entries(fields).map(([type, ofType]) => [
      type,
      Object.fromEntries(Object.entries(ofType).map(([name, field]) => [name, toResolver(field)])),
    ]),
  )
}

function toResolver(field: FieldResolver): Resolver {
  return field.cacheable ? (source, args, _, info) => field.resolve(source, args, info) : field.resolve
}
