import type { GraphQLObjectType, GraphQLOutputType, SelectionNode } from 'graphql'

/** A field of an object in a reply. */
export interface ReplyField {
  /** Its key in the answer. */
  readonly key: string
  /** Null: `__typename`, which a region answers in its own words. */
  readonly type: GraphQLOutputType | null
  /** What is selected of it, wherever in the query. */
  readonly selections: readonly SelectionNode[]
  /** It is answered under its own name, and by no argument. */
  readonly isPlain: boolean
}

/** The fields of an object, those of one key together, in the order of GraphQL's CollectFields. The gateway's queries hold no fragments. */
export function toReplyFields(type: GraphQLObjectType, selections: readonly SelectionNode[]): readonly ReplyField[] {
  const nodes = selections.filter((selection) => selection.kind === 'Field')
  const byKey = Map.groupBy(nodes, ({ alias, name }) => alias?.value ?? name.value)
  return [...byKey].map(([key, own]) => {
    const name = own[0]?.name.value ?? ''
    const field = type.getFields()[name]
    if (!field && name !== '__typename') throw new Error(`Regional SDL: no field ${type.name}.${name}`)
    const isPlain = key === name && field !== undefined && own.every((node) => (node.arguments ?? []).length === 0)
    return { key, type: field?.type ?? null, selections: own.flatMap(({ selectionSet }) => selectionSet?.selections ?? []), isPlain }
  })
}
