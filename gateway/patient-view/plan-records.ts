import { hash } from 'node:crypto'
import {
  type FieldNode,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getNamedType,
  getNullableType,
  isObjectType,
  print,
  responsePathAsArray,
} from 'graphql'
import { fault } from '../../schema/graphql-errors.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { isTimelineField } from '../../schema/sections.ts'
import { parseTimelinePosition } from '../../schema/timeline-position.ts'
import { regionalAliasPrefix } from '../regions/region-query.ts'
import type { RecordsRequest } from '../regions/view-request.ts'
import { type CompiledArguments, compileArguments } from '../request/compile-arguments.ts'
import { flattenSelections } from '../request/selection.ts'
import { isPageSize, maxPageSize } from './timeline-cursor.ts'

/**
 * A client's selections on `records` in each region's terms. The text holds no values; those come with each request.
 */
export interface RecordsSelection {
  readonly regions: ReadonlyMap<
    string,
    { readonly text: string; readonly types: ReadonlyMap<string, string>; readonly fields: readonly RegionalField[] }
  >
}

/** A selected regional field that takes arguments. */
interface RegionalField {
  /** The response key of its `records` field. */
  readonly recordsKey: string
  readonly alias: string
  readonly node: FieldNode
  readonly name: string
  readonly isTimeline: boolean
  readonly args: CompiledArguments
  /** The arguments that the client gives. For an argument with a default, null means the default. */
  readonly givenArguments: readonly { readonly name: string; readonly hasDefault: boolean }[]
}

type FieldPath = readonly (string | number)[]

const aliasCache = new WeakMap<FieldNode, string>()

/**
 * Returns the alias of a regional field with arguments, derived from its name and arguments.
 * Equal fields have equal aliases wherever they stand. Any two fields under one alias can therefore be merged
 * (GraphQL, 5.3.2), whatever the client's response keys are.
 */
export function toRegionalAlias(node: FieldNode): string {
  const cached = aliasCache.get(node)
  if (cached !== undefined) return cached
  const args = (node.arguments ?? []).map((argument) => print(argument)).sort()
  const alias = `${regionalAliasPrefix}${node.name.value}_${hash('sha256', args.join(' ')).slice(0, 32)}`
  aliasCache.set(node, alias)
  return alias
}

/**
 * Translates a client's selections on `records` into each region's own terms, or null if nothing was selected.
 * Fragments are expanded, type prefixes removed, fields that the gateway answers left out. Arguments become variables
 * of the region's types, so no client variable or default reaches a region.
 */
export function planRecords(
  info: GraphQLResolveInfo,
  nodes: readonly FieldNode[],
  regions: readonly RegionConfiguration[],
): RecordsSelection | null {
  if (nodes.length === 0) return null
  const byKey = Map.groupBy(nodes, ({ alias, name }) => alias?.value ?? name.value)
  const parts = regions.map(({ code, typePrefix }) => {
    const record = info.schema.getType(`${typePrefix}Record`)
    if (!isObjectType(record)) throw new Error(`Expected the type ${typePrefix}Record in the schema`)
    const types = new Map<string, string>()
    const fields: RegionalField[] = []
    const texts = [...byKey].map(([recordsKey, own]) =>
      printSelection({ info, typePrefix, types, fields, recordsKey }, record, own),
    )
    return [code, { text: texts.filter(Boolean).join(' '), types, fields }] as const
  })
  return { regions: new Map(parts) }
}

/**
 * Returns each region's request for its records.
 * Throws the client's own mistakes with the path of their `records`: FIRST_OUT_OF_RANGE and BAD_CURSOR as on the
 * view's timelines, and graphql-js's errors for variables.
 */
export function toRecordsRequest(
  { regions }: RecordsSelection,
  { variableValues, path }: Pick<GraphQLResolveInfo, 'variableValues' | 'path'>,
): RecordsRequest {
  const paths = new Map<string, FieldPath>()
  const requests = [...regions].map(([code, { text, types, fields }]) => {
    const values: Record<string, unknown> = {}
    for (const field of fields) {
      const recordsPath = [...responsePathAsArray(path), field.recordsKey]
      paths.set(field.alias, recordsPath)
      for (const [name, value] of Object.entries(readArguments(field, variableValues, recordsPath)))
        values[`${field.alias}_${name}`] = value
    }
    return [code, { text, types, values }] as const
  })
  return { regions: new Map(requests), paths }
}

function readArguments(
  field: RegionalField,
  variableValues: GraphQLResolveInfo['variableValues'],
  path: FieldPath,
): Readonly<Record<string, unknown>> {
  const args = withErrorPath(field, path, () => field.args.evaluate(variableValues))
  const given: Record<string, unknown> = {}
  for (const { name, hasDefault } of field.givenArguments)
    if (args[name] !== undefined && !(hasDefault && args[name] === null)) given[name] = args[name]
  if (field.isTimeline) {
    const { first, after } = given
    if (first !== undefined && !isPageSize(first))
      throw toArgumentFault(field, path, 'FIRST_OUT_OF_RANGE', `expected first between 1 and ${maxPageSize}.`)
    if (typeof after === 'string' && !parseTimelinePosition(after))
      throw toArgumentFault(field, path, 'BAD_CURSOR', 'expected after to be a position that an earlier node bore.')
  }
  return given
}

function withErrorPath<Value>({ node }: RegionalField, path: FieldPath, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    throw new GraphQLError(error.message, {
      nodes: error.nodes ?? node,
      path,
      originalError: error,
      extensions: error.extensions,
    })
  }
}

function toArgumentFault(field: RegionalField, path: FieldPath, code: string, message: string): never {
  return withErrorPath(field, path, () => {
    throw fault(code, `records.${field.name}: ${message}`, { nodes: field.node })
  })
}

/**
 * Returns the error for a field of `records` whose arguments a region refused; null if none of these fields sent
 * them.
 */
export function toRefusalError(
  request: RecordsRequest | null,
  { code, alias }: { readonly code: string; readonly alias: string },
  applicationName: string,
): GraphQLError | null {
  const path = request?.paths.get(alias)
  if (!path) return null
  const refusal = fault(code, `${applicationName} does not take the arguments of a field selected on records.`)
  return new GraphQLError(refusal.message, { path, originalError: refusal, extensions: refusal.extensions })
}

interface SelectionPrintScope {
  readonly info: GraphQLResolveInfo
  readonly typePrefix: string
  /** Filled with the variables' types in the region's terms. */
  readonly types: Map<string, string>
  /** Filled with the fields that take arguments. */
  readonly fields: RegionalField[]
  readonly recordsKey: string
}

/**
 * Prints what the fields of one response key select together, as graphql-js executes them; empty if a region is asked
 * for nothing.
 */
function printSelection(scope: SelectionPrintScope, type: GraphQLObjectType, nodes: readonly FieldNode[]): string {
  const selections = nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? [])
  const byKey = Map.groupBy(
    flattenSelections(scope.info, type, selections),
    ({ alias, name }) => alias?.value ?? name.value,
  )
  const texts = [...byKey.values()].map((own) => printField(scope, type, own))
  return texts.filter(Boolean).join(' ')
}

function printField(scope: SelectionPrintScope, parent: GraphQLObjectType, nodes: readonly FieldNode[]): string {
  const [node] = nodes
  const name = node?.name.value ?? ''
  const field = parent.getFields()[name]
  // The gateway answers __typename, because a region's types have no prefix, and it answers a record's `region`.
  if (!node || !field || (name === 'region' && scope.info.schema.getType('Region') === getNamedType(field.type)))
    return ''
  const head = field.args.length > 0 ? printCall(scope, parent, node) : name
  const type = getNamedType(field.type)
  return isObjectType(type) ? `${head} { ${printSelection(scope, type, nodes) || '__typename'} }` : head
}

function printCall(
  { typePrefix, types, fields, recordsKey }: SelectionPrintScope,
  parent: GraphQLObjectType,
  node: FieldNode,
): string {
  const name = node.name.value
  const field = parent.getFields()[name]
  if (!field) throw new Error(`Expected the field ${parent.name}.${name}`)
  const alias = toRegionalAlias(node)
  const given = field.args
    .filter((argument) => node.arguments?.some((one) => one.name.value === argument.name))
    .map(({ name: argument, type, default: value, defaultValue }) => ({
      name: argument,
      type,
      hasDefault: value !== undefined || defaultValue !== undefined,
    }))
  // An argument with a default may be absent from the variables, whatever its type.
  for (const { name: argument, type, hasDefault } of given) {
    types.set(`${alias}_${argument}`, String(hasDefault ? getNullableType(type) : type).replaceAll(typePrefix, ''))
  }
  const isTimeline = parent.name === `${typePrefix}Record` && isTimelineField(name)
  fields.push({ recordsKey, alias, node, name, isTimeline, args: compileArguments(field, node), givenArguments: given })
  const args = given.map((argument) => `${argument.name}: $${alias}_${argument.name}`)
  return `${alias}: ${name}${args.length > 0 ? `(${args.join(', ')})` : ''}`
}
