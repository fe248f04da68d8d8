import {
  type FieldNode,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getArgumentValues,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  visit,
} from 'graphql'
import type { Resolver, Resolvers } from '../composition/resolvers.ts'
import type { SelectionScope } from '../view/selection.ts'
import { collectFields } from './collect-fields.ts'

/** What of a request a completion may need: variables that arguments name, and what resolvers are given. */
export interface CompletionScope {
  readonly variableValues: SelectionScope['variableValues']
  readonly context: unknown
}

/** Makes a response value of a resolved one. Throws NeedsExecution where only graphql-js can say what becomes of it. */
export type Completion = (value: unknown, scope: CompletionScope) => unknown

/** The value is a promise, or none that the type takes: graphql-js settles nulls, errors and waiting. */
export class NeedsExecution extends Error {}

export interface CompileScope extends SelectionScope {
  /** Resolvers by type and field; what is not here is the property of the field's name. */
  readonly resolvers: Resolvers
  /** Set where a resolver that reads the request has a part in the completion. */
  readonly asked: { request: boolean }
}

/** Compiles how values of a type are completed under these fields' selections. Types, names and fixed arguments are settled here; nothing of it is walked again. */
export function compileCompletion(scope: CompileScope, type: GraphQLOutputType, nodes: readonly FieldNode[]): Completion {
  if (isNonNullType(type)) {
    const complete = compileNullable(scope, type.ofType, nodes)
    return (value, request) => {
      const completed = value === null || value === undefined ? null : complete(value, request)
      if (completed === null) throw new NeedsExecution('null where none may be')
      return completed
    }
  }
  const complete = compileNullable(scope, type, nodes)
  return (value, request) => (value === null || value === undefined ? null : complete(value, request))
}

function compileNullable(scope: CompileScope, type: Exclude<GraphQLOutputType, { ofType: GraphQLOutputType } & { kind: 'never' }>, nodes: readonly FieldNode[]): Completion {
  if (isListType(type)) {
    const complete = compileCompletion(scope, type.ofType, nodes)
    return (value, request) => {
      if (!Array.isArray(value)) throw new NeedsExecution('no list')
      return value.map((one) => complete(one, request))
    }
  }
  if (isLeafType(type)) return compileLeaf(type)
  if (isObjectType(type)) return compileObject(scope, type, nodes)
  if (isAbstractType(type)) return compileAbstract(scope, nodes)
  throw new Error(`Expected an output type, found ${String(type)}`)
}

function compileLeaf(type: GraphQLLeafType): Completion {
  if (isEnumType(type)) {
    const names = new Set(type.getValues().map(({ name }) => name))
    return (value) => {
      if (typeof value !== 'string' || !names.has(value)) throw new NeedsExecution('no value of the enumeration')
      return value
    }
  }
  const kind = leafKinds[type.name] ?? 'string'
  return (value) => {
    if (typeof value !== kind) throw new NeedsExecution('another kind of leaf')
    return kind === 'number' && type.name === 'Int' ? type.coerceOutputValue(value) : value
  }
}

const leafKinds: Readonly<Record<string, string>> = { Int: 'number', Float: 'number', Boolean: 'boolean' }

function compileAbstract(scope: CompileScope, nodes: readonly FieldNode[]): Completion {
  const known = new Map<string, Completion>()
  return (value, request) => {
    const name = (value as { readonly __typename?: unknown }).__typename
    const type = typeof name === 'string' ? scope.schema.getType(name) : undefined
    if (!isObjectType(type)) throw new NeedsExecution('no type that a value says it is of')
    const complete = known.get(type.name) ?? compileObject(scope, type, nodes)
    known.set(type.name, complete)
    return complete(value, request)
  }
}

function compileObject(scope: CompileScope, type: GraphQLObjectType, nodes: readonly FieldNode[]): Completion {
  const selections = nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? [])
  const fields = [...collectFields(scope, type, selections)].map(([key, own]) => [key, compileField(scope, type, key, own)] as const)
  return (source, request) => {
    if (typeof source !== 'object') throw new NeedsExecution('no object')
    const completed: Record<string, unknown> = {}
    for (const [key, complete] of fields) completed[key] = complete(source, request)
    return completed
  }
}

/** A field of an object: reads it, and completes what it read. */
function compileField(scope: CompileScope, parent: GraphQLObjectType, responseKey: string, nodes: readonly FieldNode[]): Completion {
  const [node] = nodes
  const name = node?.name.value ?? ''
  if (name === '__typename') return () => parent.name
  const field = parent.getFields()[name]
  if (!node || !field) throw new Error(`Expected a field of ${parent.name}, found ${name}`)
  const complete = compileCompletion(scope, field.type, nodes)
  const resolve = resolverOf(scope.resolvers, parent.name, name)
  if (resolve?.constructor.name === 'AsyncFunction') throw new NeedsExecution('a resolver that waits')
  if (!resolve) return (source, request) => complete((source as Record<string, unknown>)[name], request)
  // A resolver that takes no context cannot depend on the request.
  if (resolve.length > 2) scope.asked.request = true
  const argsOf = compileArguments(field, node)
  // Of GraphQLResolveInfo, what the view's resolvers below a root field read.
  const info = { path: { key: responseKey } } as Parameters<Resolver>[3]
  return (source, request) => complete(settled(resolve(source, argsOf(request), request.context, info)), request)
}

function resolverOf(resolvers: Resolvers, type: string, field: string): Resolver | undefined {
  const fields = resolvers[type]
  return fields && field in fields ? (fields as Readonly<Record<string, Resolver>>)[field] : undefined
}

function settled(value: unknown): unknown {
  if (value instanceof Promise) {
    // graphql-js asks again; this one must not be unhandled.
    value.catch(() => {})
    throw new NeedsExecution('a promise')
  }
  return value
}

/** A field's arguments: made once where no variable is in them. */
export function compileArguments(field: GraphQLField<unknown, unknown>, node: FieldNode): (request: Pick<CompletionScope, 'variableValues'>) => Readonly<Record<string, unknown>> {
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
