import { type FieldNode, type GraphQLField, getArgumentValues, visit } from 'graphql'
import type { SelectionScope } from '../view/selection.ts'

/** A field's arguments, of a request's variables: made once where no variable is in them. */
export type ArgumentsOf = (request: Pick<SelectionScope, 'variableValues'>) => Readonly<Record<string, unknown>>

export function compileArguments(field: GraphQLField<unknown, unknown>, node: FieldNode): ArgumentsOf {
  if (!namesVariables(node)) {
    const fixed = getArgumentValues(field, node)
    return () => fixed
  }
  return ({ variableValues }) => getArgumentValues(field, node, variableValues)
}

function namesVariables({ arguments: args = [] }: FieldNode): boolean {
  let found = false
  for (const argument of args)
    visit(argument, {
      Variable() {
        found = true
      },
    })
  return found
}
