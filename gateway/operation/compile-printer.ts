import {
  type FieldNode,
  type GraphQLLeafType,
  type GraphQLNullableOutputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { fieldsAddedByView } from '../patient-view/section-table.ts'
import { type ItemLayout, ReplyItem } from '../regions/reply-item.ts'
import { isPrintedAs, toValueSignature } from '../regions/value-signature.ts'
import { compileArguments } from '../request/compile-arguments.ts'
import type { FieldResolver, FieldResolvers } from '../request/resolvers.ts'
import type { SelectionScope } from '../request/selection.ts'
import { collectFields } from '../request/selection.ts'

/** What of a request a printer may need: variables that arguments name, and what resolvers are given. */
export interface PrintContext {
  readonly variableValues: SelectionScope['variableValues']
  readonly context: unknown
}

/** Prints a resolved value as the response has it, in JSON. Throws NeedsExecution where only graphql-js can say what becomes of it. */
export type Printer = (value: unknown, scope: PrintContext) => string

/** A field is asynchronous, or a value is none that its type takes: graphql-js settles nulls, errors and waiting. */
export class NotCompilable extends Error {}

export interface CompileContext extends SelectionScope {
  /** What is not here is the property of the field's name. */
  readonly resolvers: FieldResolvers
  /** Set once a resolver that is not cacheable has a part in what is printed. */
  readonly dependsOn: { request: boolean }
}

/** Compiles how values of a type are printed under these fields' selections. Types, names and fixed arguments are settled here; nothing of it is walked again. */
export function compilePrinter(scope: CompileContext, type: GraphQLOutputType, nodes: readonly FieldNode[]): Printer {
  if (isNonNullType(type)) {
    const print = compileNonNull(scope, type.ofType, nodes)
    return (value, request) => {
      if (value === null || value === undefined) throw new NotCompilable('null where none may be')
      return print(value, request)
    }
  }
  const print = compileNonNull(scope, type, nodes)
  return (value, request) => (value === null || value === undefined ? 'null' : print(value, request))
}

function compileNonNull(scope: CompileContext, type: GraphQLNullableOutputType, nodes: readonly FieldNode[]): Printer {
  if (isListType(type)) {
    const print = compilePrinter(scope, type.ofType, nodes)
    return (value, request) => {
      if (!Array.isArray(value)) throw new NotCompilable('no list')
      let text = '['
      for (const one of value) text += text.length === 1 ? print(one, request) : `,${print(one, request)}`
      return `${text}]`
    }
  }
  if (isLeafType(type)) return compileLeaf(type)
  if (isObjectType(type)) return compileObject(scope, type, nodes)
  if (isAbstractType(type)) return compileAbstract(scope, nodes)
  throw new Error(`Expected an output type, found ${String(type)}`)
}

function compileLeaf(type: GraphQLLeafType): Printer {
  if (isEnumType(type)) {
    const words = new Map<unknown, string>(type.getValues().map(({ name }) => [name, JSON.stringify(name)]))
    return (value) => {
      const word = words.get(value)
      if (word === undefined) throw new NotCompilable('no value of the enumeration')
      return word
    }
  }
  const kind = leafTypes[type.name] ?? 'string'
  return (value) => {
    if (typeof value !== kind) throw new NotCompilable('another kind of leaf')
    return JSON.stringify(type.name === 'Int' ? type.coerceOutputValue(value) : value)
  }
}

const leafTypes: Readonly<Record<string, string>> = { Int: 'number', Float: 'number', Boolean: 'boolean' }

function compileAbstract(scope: CompileContext, nodes: readonly FieldNode[]): Printer {
  const known = new Map<string, Printer>()
  return (value, request) => {
    const name = (value as { readonly __typename?: unknown }).__typename
    const type = typeof name === 'string' ? scope.schema.getType(name) : undefined
    if (!isObjectType(type)) throw new NotCompilable('no type that a value says it is of')
    const print = known.get(type.name) ?? compileObject(scope, type, nodes)
    known.set(type.name, print)
    return print(value, request)
  }
}

/** A field of an object: reads it, and prints what it read. */
interface FieldPrinter {
  readonly responseKey: string
  readonly print: Printer
  /** What its value is made of, where it is the source's own and printed as it is (regions/value-form.ts). */
  readonly signature: string | null
  /** The property that it is then. */
  readonly name: string
}

function compileObject(scope: CompileContext, type: GraphQLObjectType, nodes: readonly FieldNode[]): Printer {
  const selections = nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? [])
  const fields = [...collectFields(scope, type, selections)].map(([key, own]) => compileField(scope, type, key, own))
  const printObject = joinPrinters(fields.map((field, index) => withKey(field, index)))
  // Shapes go with the readers of replies, which are made anew when they were forgotten.
  const itemPrinters = new WeakMap<ItemLayout, Printer>()
  return (source, request) => {
    if (!(source instanceof ReplyItem)) {
      if (typeof source !== 'object') throw new NotCompilable('no object')
      return printObject(source, request)
    }
    const layout = ReplyItem.getLayout(source)
    let print = itemPrinters.get(layout)
    if (!print) {
      print = compileItem(fields, layout)
      itemPrinters.set(layout, print)
    }
    return print(source, request)
  }
}

/** Prints a member of an object with its key, and what stands before it: a brace before the first, a comma before the others. */
function withKey({ responseKey, print }: Pick<FieldPrinter, 'responseKey' | 'print'>, index: number): Printer {
  const prefix = `${toPrefix(index)}${JSON.stringify(responseKey)}:`
  return (source, request) => prefix + print(source, request)
}

function toPrefix(index: number): string {
  return index === 0 ? '{' : ','
}

function joinPrinters(members: readonly Printer[], end = '}'): Printer {
  // All that was selected is skipped.
  if (members.length === 0) return () => '{}'
  return (source, request) => {
    let text = ''
    for (const print of members) text += print(source, request)
    return end === '' ? text : text + end
  }
}

/** An item of a region's reply is shown as it came, as far as that is what was selected: neighbouring fields in one piece, with what stands around them. */
function compileItem(
  fields: readonly FieldPrinter[],
  { fieldIndexes, signatures, fields: fieldNames }: ItemLayout,
): Printer {
  const members: Printer[] = []
  let end = '}'
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] as FieldPrinter
    const first = findFieldIndex(field)
    if (first === null) members.push(withKey(field, index))
    else if (field.responseKey !== fieldNames[first]) {
      members.push(
        withKey(
          { responseKey: field.responseKey, print: (item) => ReplyItem.sliceValue(item as ReplyItem, first) },
          index,
        ),
      )
    } else {
      const prefix = toPrefix(index)
      let last = first
      for (
        let next = fields[index + 1];
        next && findFieldIndex(next) === last + 1 && next.responseKey === fieldNames[last + 1];
        next = fields[index + 1]
      ) {
        last++
        index++
      }
      const ends = index === fields.length - 1 && last === fieldNames.length - 1
      if (ends) end = ''
      // Most often the same stands before it in the item.
      members.push(
        prefix === toPrefix(first)
          ? (item) => ReplyItem.sliceFields(item as ReplyItem, first, last, ends)
          : (item) => prefix + ReplyItem.sliceFields(item as ReplyItem, first, last, ends).slice(1),
      )
    }
  }
  return joinPrinters(members, end)

  /** Where in the item's text the field's very value stands; null where it is not there as it is to be shown. */
  function findFieldIndex({ name, signature }: FieldPrinter): number | null {
    const index = fieldIndexes.get(name)
    // What the view adds goes before what a region says under the same name.
    return index !== undefined && isPrintedAs(signatures[index] ?? null, signature) && !fieldsAddedByView.has(name)
      ? index
      : null
  }
}

function compileField(
  scope: CompileContext,
  parent: GraphQLObjectType,
  responseKey: string,
  nodes: readonly FieldNode[],
): FieldPrinter {
  const [node] = nodes
  const name = node?.name.value ?? ''
  if (name === '__typename') return { responseKey, name, signature: null, print: () => JSON.stringify(parent.name) }
  const field = parent.getFields()[name]
  if (!node || !field) throw new Error(`Expected a field of ${parent.name}, found ${name}`)
  const print = compilePrinter(scope, field.type, nodes)
  const resolver = findResolver(scope.resolvers, parent.name, name)
  if (!resolver) {
    return {
      responseKey,
      name,
      signature: toSelectedSignature(scope, parent, nodes),
      print: (source, request) => print((source as Record<string, unknown>)[name], request),
    }
  }
  if (resolver.async) throw new NotCompilable('an asynchronous field')
  const args = compileArguments(field, node)
  const info = { fieldNodes: nodes }
  if (!resolver.cacheable) scope.dependsOn.request = true
  return {
    responseKey,
    name,
    signature: null,
    print: resolver.cacheable
      ? (source, request) => print(resolver.resolve(source, args.evaluate(request.variableValues), info), request)
      : (source, request) =>
          print(resolver.resolve(source, args.evaluate(request.variableValues), request.context, info), request),
  }
}

/** The resolver of a field, where it has one. */
function findResolver(resolvers: FieldResolvers, type: string, field: string): FieldResolver | undefined {
  const fields = resolvers[type]
  return fields && Object.hasOwn(fields, field) ? fields[field] : undefined
}

/**
 * What the values of a field are made of, as they are selected. Null where they are not the source's own values and nothing else: arguments,
 * other names, `__typename` or a resolver are in it.
 */
export function toSelectedSignature(
  scope: CompileContext,
  parent: GraphQLObjectType,
  nodes: readonly FieldNode[],
): string | null {
  const name = nodes[0]?.name.value ?? ''
  const field = parent.getFields()[name]
  if (!field || field.args.length > 0 || findResolver(scope.resolvers, parent.name, name)) return null
  const type = getNamedType(field.type)
  const selections = nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? [])
  const inner = isObjectType(type) ? [...collectFields(scope, type, selections)] : []
  return toValueSignature(
    field.type,
    inner.map(([key, own]) => ({
      name: key,
      signature: key === own[0]?.name.value ? toSelectedSignature(scope, type as GraphQLObjectType, own) : null,
    })),
  )
}
