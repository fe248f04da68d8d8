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
import { type CostExpression, product, sum, type Variables } from './cost-expression.ts'
import { type CostScope, estimateLength, estimatePage, type SelectedField, selectFields } from './cost-scope.ts'
import { costOfDocument, costOfPatient, itemCost, patientCost } from './region-read-cost.ts'

/** Cost of a root field that requests no patient from a region. */
const otherRootCost = 50
/** Weight of a value in the answer relative to a value that a region sends: it is merged and printed, not read. */
const printedValueWeight = 0.5
/** Estimated elements of a list in an answer, such as sources, codings or regions. */
const typicalListLength = 2

/**
 * Compiles the cost of an operation in values of a reply: its reads in each region (`region-read-cost.ts`) and half
 * of each value of the answer.
 * What does not depend on variables is computed once here; the rest is a few multiplications per request. `variables`
 * serve `@skip` and `@include` only. The document must be valid and within `operation-limits.ts`.
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
  // Each region decides twice: for the officer, and for the person whose access is explained.
  explainAccess: () => 2 * patientCost,
  // Each region counts its publications, and 13 weeks of the trail's daily counts are summed.
  utilisation: () => 80 * patientCost,
  // Each region's readiness is read.
  regions: () => patientCost,
}

/** Cost of a page of the audit trail or of reviews: as much as its items. Other root fields read memory only. */
function costOfOtherRoot(scope: CostScope, selected: SelectedField): CostExpression {
  const isPaged = selected.field.args.some(({ name }) => name === 'first')
  return isPaged ? sum([otherRootCost, product(itemCost, estimatePage(scope, selected).size)]) : otherRootCost
}

/**
 * Estimates the number of values in a field's answer. `page` is the page size of the section or connection around it.
 */
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
  // A record is of one region, but the selections on every region's type are counted.
  if (isInterfaceType(getNamedType(field.type))) return 1
  // One element for each requested value, as in `patients(nhsNumbers)`.
  const listed = field.args.find(
    (argument) => isRequiredArgument(argument) && isListType(getNullableType(argument.type)),
  )
  return listed ? estimateLength(scope, selected, listed.name) : typicalListLength
}
