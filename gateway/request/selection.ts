import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  isObjectType,
  type SelectionNode,
} from 'graphql'
/** The parts of GraphQLResolveInfo that decide which fields are selected. */
export type SelectionScope = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues'>

/**
 * Returns the fields that the selections select on a type, in order, fragments expanded and `@skip` and `@include`
 * obeyed.
 */
export function flattenSelections(
  scope: SelectionScope,
  type: GraphQLCompositeType,
  selections: readonly SelectionNode[],
): readonly FieldNode[] {
  return selections.flatMap((selection): readonly FieldNode[] => {
    if (!isIncluded(scope, selection)) return []
    if (selection.kind === 'Field') return [selection]
    const fragment = selection.kind === 'InlineFragment' ? selection : findFragment(scope, selection.name.value)
    if (!fragment || !appliesTo(scope.schema, fragment.typeCondition?.name.value, type)) return []
    return flattenSelections(scope, type, fragment.selectionSet.selections)
  })
}

function isIncluded({ variableValues }: SelectionScope, selection: SelectionNode): boolean {
  if (getDirectiveValues(GraphQLSkipDirective, selection, variableValues)?.if === true) return false
  return getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)?.if !== false
}

function findFragment({ fragments }: SelectionScope, name: string): FragmentDefinitionNode | undefined {
  return fragments[name]
}

function appliesTo(schema: GraphQLSchema, condition: string | undefined, type: GraphQLCompositeType): boolean {
  if (condition === undefined || condition === type.name) return true
  const conditional = schema.getType(condition)
  if (!conditional || !isAbstractType(conditional)) return false
  return isObjectType(type) && schema.isSubType(conditional, type)
}

/** Groups the selected fields by response key, in the order of GraphQL's CollectFields. */
export function collectFields(
  scope: SelectionScope,
  type: GraphQLCompositeType,
  selections: readonly SelectionNode[],
): ReadonlyMap<string, readonly FieldNode[]> {
  return Map.groupBy(flattenSelections(scope, type, selections), ({ alias, name }) => alias?.value ?? name.value)
}
