import type { GraphQLResolveInfo, GraphQLScalarType } from 'graphql'

/** Resolvers by type and field, in the form that graphql-js and the composition take. */
export type Resolvers = Record<string, GraphQLScalarType | Record<string, Resolver>>

// biome-ignore lint/suspicious/noExplicitAny: what a resolver is given is known by the schema, not by the compiler
export type Resolver = (source: any, args: any, context: any, info: GraphQLResolveInfo) => unknown
