import { type FieldNode, type GraphQLObjectType, getNamedType, isObjectType } from 'graphql'
import { toValueForm } from '../regions/value-form.ts'
import { collectFields } from './collect-fields.ts'
import type { CompileScope } from './compile-printer.ts'

/**
 * What the values of a field are made of, as they are selected. Null where they are not the source's own values and nothing else: arguments,
 * other names, `__typename` or a resolver are in it.
 */
export function toSelectedForm(scope: CompileScope, parent: GraphQLObjectType, nodes: readonly FieldNode[]): string | null {
  const name = nodes[0]?.name.value ?? ''
  const field = parent.getFields()[name]
  const resolvers = scope.resolvers[parent.name]
  if (!field || field.args.length > 0 || (resolvers && name in resolvers)) return null
  const type = getNamedType(field.type)
  const selections = nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? [])
  const inner = isObjectType(type) ? [...collectFields(scope, type, selections)] : []
  return toValueForm(
    field.type,
    inner.map(([key, own]) => ({ name: key, form: key === own[0]?.name.value ? toSelectedForm(scope, type as GraphQLObjectType, own) : null })),
  )
}
