import {
  type FieldFunctionOptions,
  type FieldPolicy,
  InMemoryCache,
  type PossibleTypesMap,
  type StoreObject,
  type TypePolicies,
} from '@apollo/client'
import { buildSchema, type GraphQLSchema, isInterfaceType, print } from 'graphql'

/**
 * The Apollo cache that a viewer should use, made from the schema as published (`schema/composed.graphql`).
 *
 * What an answer says of a patient or an item depends on who asked, why, which regions were asked and which of them
 * answered. So nothing in it is an entity to keep by id: each answer is kept whole, under the question that it answers,
 * and never shared with another question.
 */
export function createApolloCache(sdl: string): InMemoryCache {
  const schema = buildSchema(sdl)
  return new InMemoryCache({ possibleTypes: findPossibleTypes(schema), typePolicies: createTypePolicies(schema) })
}

/**
 * Which types implement each interface. Without it Apollo drops every field of a fragment on an interface, and says
 * nothing.
 */
export function findPossibleTypes(schema: GraphQLSchema): PossibleTypesMap {
  const interfaces = Object.values(schema.getTypeMap()).filter(isInterfaceType)
  return Object.fromEntries(
    interfaces.map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
  )
}

/** How answers are kept: each whole, by its question; the pages of a timeline joined. */
export function createTypePolicies(schema: GraphQLSchema): TypePolicies {
  const rootFields = Object.keys(schema.getQueryType()?.getFields() ?? {})
  return {
    // Items of the view and entries of the regions' records: their types inherit it, by `possibleTypes`.
    ...Object.fromEntries(Object.keys(findPossibleTypes(schema)).map((name) => [name, { keyFields: false }])),
    RuleExplanation: { keyFields: false },
    Patient: { keyFields: false, fields: { results: timeline, encounters: timeline, documents: timeline } },
    Query: { fields: Object.fromEntries(rootFields.map((name) => [name, { keyArgs: keyByQuestion }])) },
  }
}

/**
 * The key of one question: what is selected, and every variable except those that only page. Two operations that select
 * differently would otherwise share one entry under the same arguments: the second takes the first's fields away, both
 * refetch, and so on without end.
 */
const keyByQuestion: NonNullable<FieldPolicy['keyArgs']> = (_, { field, variables }) =>
  field ? `${print(field)} ${JSON.stringify({ ...variables, first: undefined, after: undefined })}` : undefined

interface TimelinePage {
  readonly nodes?: readonly StoreObject[]
  readonly edges?: readonly StoreObject[]
}

/**
 * Pages of a timeline as one list, for `nodes` and `edges` alike; a page that is read twice is there once. A first page
 * begins anew.
 */
const timeline: FieldPolicy<TimelinePage> = {
  keyArgs: ['filter'],
  merge(existing, incoming, { args, readField }) {
    if (!existing || !args?.after) return incoming
    const { nodes = [], edges = [] } = existing
    return {
      ...incoming,
      ...(incoming.nodes && { nodes: joinById([...nodes, ...incoming.nodes], (node) => readField('id', node)) }),
      ...(incoming.edges && { edges: joinById([...edges, ...incoming.edges], (edge) => readId(edge, readField)) }),
    }
  },
}

function readId(edge: StoreObject, readField: FieldFunctionOptions['readField']): unknown {
  const node = readField<StoreObject>('node', edge)
  return node && readField('id', node)
}

/** One of each id, in the order of first appearance, as last read; what has no id is kept. */
function joinById(parts: readonly StoreObject[], idOf: (part: StoreObject) => unknown): readonly StoreObject[] {
  return [...new Map(parts.map((part) => [idOf(part) ?? part, part])).values()]
}
