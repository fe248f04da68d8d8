import type { GraphQLResolveInfo, GraphQLScalarType } from 'graphql'

/** Resolvers as graphql-js and the composition take them, by type and field. */
export type Resolvers = Record<string, GraphQLScalarType | Record<string, Resolver>>

// biome-ignore lint/suspicious/noExplicitAny: what a resolver is given is known by the schema, not by the compiler
export type Resolver = (source: any, args: any, context: any, info: GraphQLResolveInfo) => unknown
