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
import { type Amount, product, sum, type Variables } from './amount.ts'
import { type CostScope, lengthOf, pageOf, type SelectedField, selectFields } from './cost-scope.ts'
import { itemReads, patientReads, readsOfDocument, readsOfPatient } from './region-reads.ts'

/** What a root field takes that asks no region for a patient. */
const rootReads = 50
/** The weight of a value that the answer has, beside one that a region sends: it is merged and printed, not read. */
const printedValue = 0.5
/** Estimated elements of a list in an answer, as of sources, codings and regions. */
const usualList = 2

/**
 * The cost of an operation: what it may make each region read, in values of a reply (`region-reads.ts`), and half of one for each value of the
 * answer. What does not depend on variables is reckoned here, once; the rest is some multiplications for each request. `variables` are the
 * request's, for `@skip` and `@include` alone. The document is valid, and its fields, fragments entered, are few (`find-excess.ts`).
 */
export function compileCost(schema: GraphQLSchema, { definitions }: DocumentNode, operation: OperationDefinitionNode, variables: Variables = {}): Amount {
  const fragments = new Map(definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [])))
  const defaults = new Map((operation.variableDefinitions ?? []).map(({ variable, defaultValue }) => [variable.name.value, defaultValue]))
  const scope: CostScope = { schema, fragments, defaults, variables }
  const roots = selectFields(scope, schema.getRootType(operation.operation) ?? undefined, operation.selectionSet.selections)
  // Fields of one response key are one field (GraphQL, CollectFields).
  const fields = Map.groupBy(roots, ({ node: { alias, name } }) => alias?.value ?? name.value)
  return sum([...fields.values()].map((selected) => costOfRoot(scope, operation, selected)))
}

function costOfRoot(scope: CostScope, { operation }: OperationDefinitionNode, selected: readonly SelectedField[]): Amount {
  const [first] = selected
  if (!first) return 0
  const nodes = selected.map(({ node }) => node)
  const answer = sum(selected.map((one) => valuesOf(scope, one)))
  const cost = (reads: Amount) => sum([reads, product(printedValue, answer)])
  if (operation === 'mutation') return cost(2 * patientReads)
  const reads = readsOfRoot[first.field.name]
  return cost(reads ? reads(scope, first, nodes) : readsOfOthers(scope, first))
}

const readsOfRoot: Readonly<Record<string, (scope: CostScope, field: SelectedField, nodes: readonly FieldNode[]) => Amount>> = {
  patient: (scope, _, nodes) => readsOfPatient(scope, nodes),
  patients: (scope, field, nodes) => product(lengthOf(scope, field, 'nhsNumbers'), readsOfPatient(scope, nodes)),
  document: (scope) => readsOfDocument(scope),
  // Decided twice over: as the officer, and as whom it is explained for.
  explainAccess: () => 2 * patientReads,
  // Each region counts what was published, and the trail's tallies of 13 weeks are added up.
  utilisation: () => 80 * patientReads,
  // Each region is asked whether it is ready.
  regions: () => patientReads,
}

/** A page of the audit trail, or of reviews in every region, takes as long as so many items; all else is at hand. */
function readsOfOthers(scope: CostScope, selected: SelectedField): Amount {
  const isPaged = selected.field.args.some(({ name }) => name === 'first')
  return isPaged ? sum([rootReads, product(itemReads, pageOf(scope, selected).size)]) : rootReads
}

/** How many values a field's answer is estimated to have. `page`: of the section or connection that it stands in. */
function valuesOf(scope: CostScope, selected: SelectedField, page: Amount = usualList): Amount {
  const { node, field } = selected
  if (!node.selectionSet) return 1
  const own = pageOf(scope, selected).size
  const inner = sum(selectFields(scope, getNamedType(field.type), node.selectionSet.selections).map((one) => valuesOf(scope, one, own)))
  return product(lengthOfAnswer(scope, selected, page), sum([1, inner]))
}

function lengthOfAnswer(scope: CostScope, selected: SelectedField, page: Amount): Amount {
  const { field } = selected
  if (!isListType(getNullableType(field.type)) || !isCompositeType(getNamedType(field.type))) return 1
  if (field.name === 'nodes' || field.name === 'edges') return page
  // Each record is of one region, and the selections on all regions' types are counted.
  if (isInterfaceType(getNamedType(field.type))) return 1
  // One for each that is asked for, as `patients(nhsNumbers)`.
  const listed = field.args.find((argument) => isRequiredArgument(argument) && isListType(getNullableType(argument.type)))
  return listed ? lengthOf(scope, selected, listed.name) : usualList
}
