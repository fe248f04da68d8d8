import {
  type FieldNode,
  type GraphQLLeafType,
  type GraphQLNullableOutputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import type { Resolver, Resolvers } from '../composition/resolvers.ts'
import { type ItemShape, ReplyItem } from '../regions/reply-item.ts'
import { isJsonOf } from '../regions/value-form.ts'
import { addedToItems } from '../view/added-to-items.ts'
import { compileArguments } from '../view/compile-arguments.ts'
import type { SelectionScope } from '../view/selection.ts'
import { collectFields } from './collect-fields.ts'
import { toSelectedForm } from './selected-form.ts'

/** What of a request a printer may need: variables that arguments name, and what resolvers are given. */
export interface PrintScope {
  readonly variableValues: SelectionScope['variableValues']
  readonly context: unknown
}

/** Prints a resolved value as the response has it, in JSON. Throws NeedsExecution where only graphql-js can say what becomes of it. */
export type Printer = (value: unknown, scope: PrintScope) => string

/** The value is a promise, or none that the type takes: graphql-js settles nulls, errors and waiting. */
export class NeedsExecution extends Error {}

export interface CompileScope extends SelectionScope {
  /** Resolvers by type and field; what is not here is the property of the field's name. */
  readonly resolvers: Resolvers
  /** Set where a resolver that reads the request has a part in what is printed. */
  readonly asked: { request: boolean }
}

/** Compiles how values of a type are printed under these fields' selections. Types, names and fixed arguments are settled here; nothing of it is walked again. */
export function compilePrinter(scope: CompileScope, type: GraphQLOutputType, nodes: readonly FieldNode[]): Printer {
  if (isNonNullType(type)) {
    const print = compilePresent(scope, type.ofType, nodes)
    return (value, request) => {
      if (value === null || value === undefined) throw new NeedsExecution('null where none may be')
      return print(value, request)
    }
  }
  const print = compilePresent(scope, type, nodes)
  return (value, request) => (value === null || value === undefined ? 'null' : print(value, request))
}

function compilePresent(scope: CompileScope, type: GraphQLNullableOutputType, nodes: readonly FieldNode[]): Printer {
  if (isListType(type)) {
    const print = compilePrinter(scope, type.ofType, nodes)
    return (value, request) => {
      if (!Array.isArray(value)) throw new NeedsExecution('no list')
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
      if (word === undefined) throw new NeedsExecution('no value of the enumeration')
      return word
    }
  }
  const kind = leafKinds[type.name] ?? 'string'
  return (value) => {
    if (typeof value !== kind) throw new NeedsExecution('another kind of leaf')
    return JSON.stringify(type.name === 'Int' ? type.coerceOutputValue(value) : value)
  }
}

const leafKinds: Readonly<Record<string, string>> = { Int: 'number', Float: 'number', Boolean: 'boolean' }

function compileAbstract(scope: CompileScope, nodes: readonly FieldNode[]): Printer {
  const known = new Map<string, Printer>()
  return (value, request) => {
    const name = (value as { readonly __typename?: unknown }).__typename
    const type = typeof name === 'string' ? scope.schema.getType(name) : undefined
    if (!isObjectType(type)) throw new NeedsExecution('no type that a value says it is of')
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
  readonly form: string | null
  /** The property that it is then. */
  readonly name: string
}

function compileObject(scope: CompileScope, type: GraphQLObjectType, nodes: readonly FieldNode[]): Printer {
  const selections = nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? [])
  const fields = [...collectFields(scope, type, selections)].map(([key, own]) => compileField(scope, type, key, own))
  const printObject = toPrinter(fields.map((field, place) => withKey(field, place)))
  // Shapes go with the readers of replies, which are made anew when they were forgotten.
  const itemPrinters = new WeakMap<ItemShape, Printer>()
  return (source, request) => {
    if (!(source instanceof ReplyItem)) {
      if (typeof source !== 'object') throw new NeedsExecution('no object')
      return printObject(source, request)
    }
    const shape = ReplyItem.shapeOf(source)
    let print = itemPrinters.get(shape)
    if (!print) {
      print = compileItem(fields, shape)
      itemPrinters.set(shape, print)
    }
    return print(source, request)
  }
}

/** Prints a member of an object with its key, and what stands before it: a brace before the first, a comma before the others. */
function withKey({ responseKey, print }: Pick<FieldPrinter, 'responseKey' | 'print'>, place: number): Printer {
  const lead = `${toLead(place)}${JSON.stringify(responseKey)}:`
  return (source, request) => lead + print(source, request)
}

function toLead(place: number): string {
  return place === 0 ? '{' : ','
}

function toPrinter(members: readonly Printer[], end = '}'): Printer {
  // All that was selected is skipped.
  if (members.length === 0) return () => '{}'
  return (source, request) => {
    let text = ''
    for (const print of members) text += print(source, request)
    return end === '' ? text : text + end
  }
}

/** An item of a region's reply is shown as it came, as far as that is what was selected: neighbouring fields in one piece, with what stands around them. */
function compileItem(fields: readonly FieldPrinter[], { places, forms, fields: names }: ItemShape): Printer {
  const members: Printer[] = []
  let end = '}'
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] as FieldPrinter
    const first = placeOf(field)
    if (first === null) members.push(withKey(field, index))
    else if (field.responseKey !== names[first]) {
      members.push(withKey({ responseKey: field.responseKey, print: (item) => ReplyItem.valueText(item as ReplyItem, first) }, index))
    } else {
      const lead = toLead(index)
      let last = first
      for (let next = fields[index + 1]; next && placeOf(next) === last + 1 && next.responseKey === names[last + 1]; next = fields[index + 1]) {
        last++
        index++
      }
      const ends = index === fields.length - 1 && last === names.length - 1
      if (ends) end = ''
      // Most often the same stands before it in the item.
      members.push(
        lead === toLead(first)
          ? (item) => ReplyItem.textOf(item as ReplyItem, first, last, ends)
          : (item) => lead + ReplyItem.textOf(item as ReplyItem, first, last, ends).slice(1),
      )
    }
  }
  return toPrinter(members, end)

  /** Where in the item's text the field's very value stands; null where it is not there as it is to be shown. */
  function placeOf({ name, form }: FieldPrinter): number | null {
    const place = places.get(name)
    // What the view adds goes before what a region says under the same name.
    return place !== undefined && isJsonOf(forms[place] ?? null, form) && !addedToItems.has(name) ? place : null
  }
}

function compileField(scope: CompileScope, parent: GraphQLObjectType, responseKey: string, nodes: readonly FieldNode[]): FieldPrinter {
  const [node] = nodes
  const name = node?.name.value ?? ''
  if (name === '__typename') return { responseKey, name, form: null, print: () => JSON.stringify(parent.name) }
  const field = parent.getFields()[name]
  if (!node || !field) throw new Error(`Expected a field of ${parent.name}, found ${name}`)
  const print = compilePrinter(scope, field.type, nodes)
  const resolve = resolverOf(scope.resolvers, parent.name, name)
  if (resolve?.constructor.name === 'AsyncFunction') throw new NeedsExecution('a resolver that waits')
  if (!resolve) {
    return { responseKey, name, form: toSelectedForm(scope, parent, nodes), print: (source, request) => print((source as Record<string, unknown>)[name], request) }
  }
  // A resolver that takes no context cannot depend on the request.
  if (resolve.length > 2) scope.asked.request = true
  const args = compileArguments(field, node)
  // Of GraphQLResolveInfo, what the view's resolvers below a root field read.
  const info = { path: { key: responseKey }, fieldNodes: nodes } as Parameters<Resolver>[3]
  return { responseKey, name, form: null, print: (source, request) => print(settled(resolve(source, args.of(request.variableValues), request.context, info)), request) }
}

/** The resolver of a field, where it has one. */
export function resolverOf(resolvers: Resolvers, type: string, field: string): Resolver | undefined {
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
