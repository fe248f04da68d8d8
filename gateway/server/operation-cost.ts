import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isRequiredArgument,
  Kind,
  type OperationDefinitionNode,
} from 'graphql'
import { type CostScope, estimateLength, estimatePage, type SelectedField, selectFields } from './cost-scope.ts'
import { costOfDocument, costOfPatient, itemCost, patientCost } from './region-read-cost.ts'

/** What a root field takes that asks no region for a patient. */
const otherRootCost = 50
/** The weight of a value that the answer has, beside one that a region sends: it is merged and printed, not read. */
const printedValueWeight = 0.5
/** Estimated elements of a list in an answer, as of sources, codings and regions. */
const typicalListLength = 2

/**
 * The cost of an operation: what it may make each region read, in values of a reply (`region-reads.ts`), and half of one for each value of the
 * answer. What does not depend on variables is reckoned here, once; the rest is some multiplications for each request. `variables` are the
 * request's, for `@skip` and `@include` alone. The document is valid, and its fields, fragments entered, are few (`find-excess.ts`).
 */
export function compileCost(
  schema: GraphQLSchema,
  { definitions }: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables = {},
): CostExpression {
  const fragments = new Map(
    definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [])),
  )
  const defaults = new Map(
    (operation.variableDefinitions ?? []).map(({ variable, defaultValue }) => [variable.name.value, defaultValue]),
  )
  const scope: CostScope = { schema, fragments, defaults, variables }
  const roots = selectFields(
    scope,
    schema.getRootType(operation.operation) ?? undefined,
    operation.selectionSet.selections,
  )
  // Fields of one response key are one field (GraphQL, CollectFields).
  const fields = Map.groupBy(roots, ({ node: { alias, name } }) => alias?.value ?? name.value)
  return sum([...fields.values()].map((selected) => costOfRoot(scope, operation, selected)))
}

function costOfRoot(
  scope: CostScope,
  { operation }: OperationDefinitionNode,
  selected: readonly SelectedField[],
): CostExpression {
  const [first] = selected
  if (!first) return 0
  const nodes = selected.map(({ node }) => node)
  const answer = sum(selected.map((one) => countAnswerValues(scope, one)))
  const cost = (reads: CostExpression) => sum([reads, product(printedValueWeight, answer)])
  if (operation === 'mutation') return cost(2 * patientCost)
  const reads = readCostsByRoot[first.field.name]
  return cost(reads ? reads(scope, first, nodes) : costOfOtherRoot(scope, first))
}

const readCostsByRoot: Readonly<
  Record<string, (scope: CostScope, field: SelectedField, nodes: readonly FieldNode[]) => CostExpression>
> = {
  patient: (scope, _, nodes) => costOfPatient(scope, nodes),
  patients: (scope, field, nodes) => product(estimateLength(scope, field, 'nhsNumbers'), costOfPatient(scope, nodes)),
  document: (scope) => costOfDocument(scope),
  // Decided twice over: as the officer, and as whom it is explained for.
  explainAccess: () => 2 * patientCost,
  // Each region counts what was published, and the trail's tallies of 13 weeks are added up.
  utilisation: () => 80 * patientCost,
  // Each region is asked whether it is ready.
  regions: () => patientCost,
}

/** A page of the audit trail, or of reviews in every region, takes as long as so many items; all else is at hand. */
function costOfOtherRoot(scope: CostScope, selected: SelectedField): CostExpression {
  const isPaged = selected.field.args.some(({ name }) => name === 'first')
  return isPaged ? sum([otherRootCost, product(itemCost, estimatePage(scope, selected).size)]) : otherRootCost
}

/** How many values a field's answer is estimated to have. `page`: of the section or connection that it stands in. */
function countAnswerValues(
  scope: CostScope,
  selected: SelectedField,
  page: CostExpression = typicalListLength,
): CostExpression {
  const { node, field } = selected
  if (!node.selectionSet) return 1
  const own = estimatePage(scope, selected).size
  const inner = sum(
    selectFields(scope, getNamedType(field.type), node.selectionSet.selections).map((one) =>
      countAnswerValues(scope, one, own),
    ),
  )
  return product(estimateListLength(scope, selected, page), sum([1, inner]))
}

function estimateListLength(scope: CostScope, selected: SelectedField, page: CostExpression): CostExpression {
  const { field } = selected
  if (!isListType(getNullableType(field.type)) || !isCompositeType(getNamedType(field.type))) return 1
  if (field.name === 'nodes' || field.name === 'edges') return page
  // Each record is of one region, and the selections on all regions' types are counted.
  if (isInterfaceType(getNamedType(field.type))) return 1
  // One for each that is asked for, as `patients(nhsNumbers)`.
  const listed = field.args.find(
    (argument) => isRequiredArgument(argument) && isListType(getNullableType(argument.type)),
  )
  return listed ? estimateLength(scope, selected, listed.name) : typicalListLength
}

/** A request's variables as they came, not yet coerced. */
export type Variables = Readonly<Record<string, unknown>>

/** A number, or what makes it of a request's variables. */
export type CostExpression = number | ((variables: Variables) => number)

export function evaluateCost(amount: CostExpression, variables: Variables): number {
  return typeof amount === 'number' ? amount : amount(variables)
}

/** The variable that a request gives, as graphql-js looks it up: an own property, so that `$constructor` is no function. Undefined: it is not given. */
export function readVariable(variables: Variables, name: string): unknown {
  return Object.hasOwn(variables, name) ? variables[name] : undefined
}

/** The sum, a number where all are. */
export function sum(amounts: readonly CostExpression[]): CostExpression {
  return combine(amounts, (one, other) => one + other, 0)
}

/** The product, a number where all are. */
export function product(...amounts: readonly CostExpression[]): CostExpression {
  return combine(amounts, (one, other) => one * other, 1)
}

/** The largest, at least 0; a number where all are. */
export function maximum(amounts: readonly CostExpression[]): CostExpression {
  return combine(amounts, Math.max, 0)
}

function combine(
  amounts: readonly CostExpression[],
  operate: (one: number, other: number) => number,
  neutral: number,
): CostExpression {
  const constant = amounts.reduce<number>(
    (result, one) => (typeof one === 'number' ? operate(result, one) : result),
    neutral,
  )
  const variable = amounts.filter((one) => typeof one !== 'number')
  return variable.length === 0
    ? constant
    : (variables) => variable.reduce((result, one) => operate(result, one(variables)), constant)
}
