import { type FieldNode, type GraphQLField, getArgumentValues, Kind, visit } from 'graphql'
import type { SelectionScope } from './selection.ts'

/** A field's arguments as a function of a request's variables. */
export interface CompiledArguments {
  readonly evaluate: (variableValues: SelectionScope['variableValues']) => Readonly<Record<string, unknown>>
  /** True if no variable is used; `evaluate` then returns the same object each time. */
  readonly isConstant: boolean
}

const constantArgumentCache = new WeakMap<FieldNode, Readonly<Record<string, unknown>>>()

export function compileArguments(field: GraphQLField<unknown, unknown>, node: FieldNode): CompiledArguments {
  if (usesVariables(node)) return { evaluate: compileVariables(field, node), isConstant: false }
  const values = constantArgumentCache.get(node) ?? getArgumentValues(field, node)
  constantArgumentCache.set(node, values)
  return { evaluate: () => values, isConstant: true }
}

/**
 * Compiles arguments that use variables. A plain variable takes its coerced value; the other arguments are evaluated
 * once, here.
 */
function compileVariables(field: GraphQLField<unknown, unknown>, node: FieldNode): CompiledArguments['evaluate'] {
  const general: CompiledArguments['evaluate'] = (variableValues) => getArgumentValues(field, node, variableValues)
  const variables = new Map(
    (node.arguments ?? []).flatMap(({ name, value }) =>
      value.kind === Kind.VARIABLE ? [[name.value, value.name.value]] : [],
    ),
  )
  const settled = { ...node, arguments: (node.arguments ?? []).filter(({ name }) => !variables.has(name.value)) }
  if (usesVariables(settled)) return general
  const otherArgs = field.args.filter(({ name }) => !variables.has(name))
  const others = getArgumentValues({ ...field, args: otherArgs } as unknown as typeof field, settled)
  return (variableValues) => {
    // In the schema's order, as graphql-js does, because sections are identified by their arguments' text.
    const args: Record<string, unknown> = {}
    for (const { name } of field.args) {
      const variable = variables.get(name)
      const value = variable === undefined ? others[name] : variableValues.coerced[variable]
      // graphql-js decides on a default or an error for a missing or null variable.
      if (variable !== undefined && (value === undefined || value === null)) return general(variableValues)
      if (value !== undefined) args[name] = value
    }
    return args
  }
}

function usesVariables({ arguments: args = [] }: FieldNode): boolean {
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
