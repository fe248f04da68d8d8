import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
  type ValueNode,
} from 'graphql'
import { type CostExpression, readVariable, type Variables } from './cost-expression.ts'

/** The parts of an operation from which its cost is compiled. */
export interface CostScope {
  readonly schema: GraphQLSchema
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  /** Default values of the operation's variables, by name. */
  readonly defaults: ReadonlyMap<string, ValueNode | undefined>
  /** The request's variables, for `@skip` and `@include` only. */
  readonly variables: Variables
}

/** A selected field and its definition. */
export interface SelectedField {
  readonly node: FieldNode
  readonly field: GraphQLField<unknown, unknown>
}

/** Maximum items of a page; a region refuses more. */
const largestPage = 100
/** Estimated items of a section without pages. */
const typicalSectionLength = 10

/**
 * Returns the fields that selections select on a type, fragments expanded and meta fields left out, because those
 * read nothing.
 * `@skip` and `@include` are obeyed if their condition is a Boolean. Any other condition fails at execution, perhaps
 * after other fields were read, so the field counts.
 */
export function selectFields(
  scope: CostScope,
  type: GraphQLNamedType | undefined,
  selections: readonly SelectionNode[],
): readonly SelectedField[] {
  if (!isObjectType(type) && !isInterfaceType(type)) return []
  return selections.flatMap((selection): readonly SelectedField[] => {
    if (!isIncluded(scope, selection.directives ?? [])) return []
    if (selection.kind === Kind.FIELD) {
      const field = type.getFields()[selection.name.value]
      return field ? [{ node: selection, field }] : []
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : scope.fragments.get(selection.name.value)
    if (!fragment) return []
    const condition = fragment.typeCondition ? scope.schema.getType(fragment.typeCondition.name.value) : type
    return isPossible(scope.schema, condition, type)
      ? selectFields(scope, isObjectType(type) ? type : condition, fragment.selectionSet.selections)
      : []
  })
}

/**
 * Estimates a page's items: its `first`, or the typical length of a section without pages. `text` identifies the page
 * size.
 */
export function estimatePage(
  scope: CostScope,
  { node, field }: SelectedField,
): { readonly size: CostExpression; readonly text: string } {
  const first = field.args.find(({ name }) => name === 'first')
  if (!first) return { size: typicalSectionLength, text: '' }
  const defaultSize = clampPageSize(first.default?.value ?? toInteger(first.default?.literal), typicalSectionLength)
  const given = findArgument(node, first.name)
  if (given?.kind !== Kind.VARIABLE) {
    const size = clampPageSize(toInteger(given), defaultSize)
    return { size, text: String(size) }
  }
  const name = given.name.value
  const defaultValue = clampPageSize(toInteger(scope.defaults.get(name)), defaultSize)
  return { size: (variables) => clampPageSize(readVariable(variables, name), defaultValue), text: `$${name}` }
}

/** Counts the values of a list argument. GraphQL coerces a single value to a list of one (Input Coercion of lists). */
export function estimateLength({ defaults }: CostScope, { node }: SelectedField, argument: string): CostExpression {
  const given = findArgument(node, argument)
  if (given?.kind !== Kind.VARIABLE) return countListValues(given)
  const name = given.name.value
  const defaultValue = countListValues(defaults.get(name))
  return (variables) => {
    const value = readVariable(variables, name)
    return value === undefined ? defaultValue : Array.isArray(value) ? value.length : 1
  }
}

/** Returns 1 if the argument may be given and not null, otherwise 0. */
export function countGiven({ defaults }: CostScope, { node }: SelectedField, argument: string): CostExpression {
  const given = findArgument(node, argument)
  if (given?.kind !== Kind.VARIABLE) return isNonNull(given) ? 1 : 0
  const name = given.name.value
  const defaultValue = isNonNull(defaults.get(name)) ? 1 : 0
  return (variables) => {
    const value = readVariable(variables, name)
    return value === undefined ? defaultValue : value === null ? 0 : 1
  }
}

function findArgument(node: FieldNode, argument: string): ValueNode | undefined {
  return node.arguments?.find(({ name }) => name.value === argument)?.value
}

function isIncluded(scope: CostScope, directives: readonly DirectiveNode[]): boolean {
  return directives.every(({ name, arguments: args }) => {
    const condition = toBoolean(scope, args?.find((argument) => argument.name.value === 'if')?.value)
    return name.value === 'skip' ? condition !== true : name.value !== 'include' || condition !== false
  })
}

function toBoolean(scope: CostScope, value: ValueNode | undefined): unknown {
  if (value?.kind === Kind.BOOLEAN) return value.value
  if (value?.kind !== Kind.VARIABLE) return undefined
  const given = readVariable(scope.variables, value.name.value)
  return given === undefined ? toBoolean(scope, scope.defaults.get(value.name.value)) : given
}

function isPossible(schema: GraphQLSchema, condition: GraphQLNamedType | undefined, type: GraphQLNamedType): boolean {
  if (condition === type) return true
  if (isAbstractType(condition) && isObjectType(type)) return schema.isSubType(condition, type)
  return isAbstractType(type)
}

function isNonNull(value: ValueNode | undefined): boolean {
  return value !== undefined && value.kind !== Kind.NULL
}

function countListValues(value: ValueNode | undefined): number {
  return value?.kind === Kind.LIST ? value.values.length : 1
}

function toInteger(value: ValueNode | undefined): number | undefined {
  return value?.kind === Kind.INT ? Number(value.value) : undefined
}

function clampPageSize(value: unknown, defaultValue: number): number {
  return typeof value === 'number' ? Math.min(Math.max(value, 0), largestPage) : defaultValue
}
