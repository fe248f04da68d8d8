import { type FieldNode, type GraphQLField, getArgumentValues, Kind, visit } from 'graphql'
import type { SelectionScope } from './selection.ts'

/** A field's arguments under a request's variables. */
export interface Arguments {
  readonly of: (variableValues: SelectionScope['variableValues']) => Readonly<Record<string, unknown>>
  /** No variable is in them: they are the same object each time. */
  readonly isFixed: boolean
}

const fixed = new WeakMap<FieldNode, Readonly<Record<string, unknown>>>()

/** Compiles the arguments of a field. */
export function compileArguments(field: GraphQLField<unknown, unknown>, node: FieldNode): Arguments {
  if (namesVariables(node)) return { of: (variableValues) => getArgumentValues(field, node, variableValues), isFixed: false }
  const values = fixed.get(node) ?? getArgumentValues(field, node)
  fixed.set(node, values)
  return { of: () => values, isFixed: true }
}

function namesVariables({ arguments: args = [] }: FieldNode): boolean {
  let found = false
  for (const argument of args) {
    visit(argument, {
      [Kind.VARIABLE]() {
        found = true
      },
    })
  }
  return found
}
