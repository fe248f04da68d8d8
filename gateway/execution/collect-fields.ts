import type { FieldNode, GraphQLCompositeType, SelectionNode } from 'graphql'
import { type SelectionScope, selectedFields } from '../view/selection.ts'

/** The fields selected on a type by these selections, those of one response key together, in the order of GraphQL's CollectFields. */
export function collectFields(scope: SelectionScope, type: GraphQLCompositeType, selections: readonly SelectionNode[]): ReadonlyMap<string, readonly FieldNode[]> {
  return Map.groupBy(selectedFields(scope, type, selections), ({ alias, name }) => alias?.value ?? name.value)
}
