import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  isRequiredArgument,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql'
import { type Amount, product, sum } from './amount.ts'

/** Each root value, and so each patient: regions are asked and it goes on the trail, however little is selected. */
const rootCost = 50
/** Pages have 1 to 100; what is beyond is refused by name where the page is read. */
const largestPage = 100
/** Of a section without pages, as far as can be told beforehand. */
const usualSection = 10
/** Of sources, codings, regions and the like. */
const usualList = 2

/**
 * How many values an operation's answer is estimated to have, by `first` and the number of patients, and rootCost for each root value. What does
 * not depend on variables is reckoned here, once; the rest is some multiplications for each request. The document is valid, and its fields,
 * fragments entered, are few (findExcess).
 */
export function compileCost(schema: GraphQLSchema, { definitions }: DocumentNode, operation: OperationDefinitionNode): Amount {
  const fragments = new Map(definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [])))
  const defaults = new Map((operation.variableDefinitions ?? []).map(({ variable, defaultValue }) => [variable.name.value, defaultValue]))
  const scope: CostScope = { schema, fragments, defaults }
  const place: Place = { type: schema.getRootType(operation.operation) ?? undefined, own: rootCost, page: usualSection }
  return costOfSelections(scope, place, operation.selectionSet)
}

interface CostScope {
  readonly schema: GraphQLSchema
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  /** Of variables. */
  readonly defaults: ReadonlyMap<string, ValueNode | undefined>
}

/** Where selections stand. */
interface Place {
  readonly type: GraphQLNamedType | undefined
  /** What each value that a field gives costs by itself. */
  readonly own: number
  /** How many nodes the connection or section has whose selections these are. */
  readonly page: Amount
}

function costOfSelections(scope: CostScope, place: Place, { selections }: SelectionSetNode): Amount {
  return sum(
    selections.map((selection) => {
      if (selection.kind === Kind.FIELD) return costOfField(scope, place, selection)
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : scope.fragments.get(selection.name.value)
      if (!fragment) return 0
      const condition = fragment.typeCondition?.name.value
      return costOfSelections(scope, { ...place, type: condition === undefined ? place.type : scope.schema.getType(condition) }, fragment.selectionSet)
    }),
  )
}

function costOfField(scope: CostScope, { type, own, page }: Place, node: FieldNode): Amount {
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined
  // Introspection, which has limits of graphql's own.
  if (!field || !node.selectionSet) return own
  const inner = costOfSelections(scope, { type: getNamedType(field.type), own: 1, page: pageOf(scope, field, node) }, node.selectionSet)
  return product(sizeOf(scope, field, node, page), sum([own, inner]))
}

function sizeOf(scope: CostScope, field: GraphQLField<unknown, unknown>, node: FieldNode, page: Amount): Amount {
  if (!isListType(getNullableType(field.type)) || !isCompositeType(getNamedType(field.type))) return 1
  if (field.name === 'nodes' || field.name === 'edges') return page
  // One for each that is asked for, as `patients(nhsNumbers)`.
  const listed = field.args.find((argument) => isRequiredArgument(argument) && isListType(getNullableType(argument.type)))
  return listed ? lengthOf(scope, givenTo(node, listed.name)) : usualList
}

function pageOf(scope: CostScope, field: GraphQLField<unknown, unknown>, node: FieldNode): Amount {
  const first = field.args.find(({ name }) => name === 'first')
  if (!first) return usualSection
  const usual = toPage(first.default?.value ?? toNumber(first.default?.literal), usualSection)
  const given = givenTo(node, first.name)
  if (given?.kind !== Kind.VARIABLE) return toPage(toNumber(given), usual)
  const name = given.name.value
  const unsaid = toPage(toNumber(scope.defaults.get(name)), usual)
  return (variables) => toPage(variables[name], unsaid)
}

function lengthOf({ defaults }: CostScope, given: ValueNode | undefined): Amount {
  if (given?.kind !== Kind.VARIABLE) return toLength(given)
  const name = given.name.value
  const unsaid = toLength(defaults.get(name))
  return (variables) => {
    const value = variables[name]
    return value === undefined ? unsaid : Array.isArray(value) ? value.length : 1
  }
}

function givenTo(node: FieldNode, argument: string): ValueNode | undefined {
  return node.arguments?.find(({ name }) => name.value === argument)?.value
}

function toLength(value: ValueNode | undefined): number {
  return value?.kind === Kind.LIST ? value.values.length : 1
}

function toNumber(value: ValueNode | undefined): number | undefined {
  return value?.kind === Kind.INT ? Number(value.value) : undefined
}

function toPage(value: unknown, unsaid: number): number {
  return typeof value === 'number' ? Math.min(Math.max(value, 0), largestPage) : unsaid
}
