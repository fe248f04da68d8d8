import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  print,
} from 'graphql'
import { isSectionField, type SectionField } from '../../schema/sections.ts'
import { neededFields } from '../patient-view/needed-fields.ts'
import { fieldsAddedByView } from '../patient-view/section-table.ts'
import { type CostExpression, maximum, product, sum } from './cost-expression.ts'
import { type CostScope, countGiven, estimatePage, type SelectedField, selectFields } from './cost-scope.ts'

/**
 * Cost of reading any patient in a region: finding the record, deciding, auditing. The unit is one value of a reply.
 * In processor time a patient costs about 60 items (`npm run bench -- cost`); at 20 items' worth, fifty patients'
 * summaries stay within the limit.
 */
export const patientCost = 500
/** Cost of an item that a store reads, beside its values. */
export const itemCost = 25
/** Cost of a section's reply beside its items. */
const sectionCost = 10
/**
 * Values that every item is sent with and the view does not show: business identifier, version, organisation,
 * instants.
 */
const hiddenItemValues = 8

/** A section, or demographics, once for its arguments, and the paths of the fields that are selected on its items. */
interface SelectedSection {
  readonly section: SectionField | 'demographics'
  readonly selected: SelectedField
  readonly paths: readonly string[]
}

/**
 * Costs one patient's reads in each region: each section once per distinct arguments, whatever its aliases, with all
 * fields that the view needs.
 */
export function costOfPatient(scope: CostScope, nodes: readonly FieldNode[]): CostExpression {
  const sections = new Map<string, SelectedSection & { readonly paths: string[] }>()
  const records: SelectedField[] = []
  for (const selected of selectFields(scope, scope.schema.getType('Patient'), toSelections(nodes))) {
    const { node, field } = selected
    if (field.name === 'records') records.push(selected)
    else if (field.name === 'demographics' || isSectionField(field.name)) {
      const key = toSectionKey(scope, selected)
      const section = sections.get(key) ?? { section: field.name, selected, paths: [] }
      section.paths.push(...findItemPaths(scope, getNamedType(field.type), [node]))
      sections.set(key, section)
    }
  }
  const ofSections = [...sections.values()].map((selected) => costOfSection(scope, selected))
  return sum([patientCost, ...ofSections, costOfRecords(scope, records)])
}

/** Costs a document by id: finding its patient, then that patient's view with this one whole item. */
export function costOfDocument({ schema }: CostScope): CostExpression {
  return 2 * patientCost + itemCost + countItemLeaves(schema.getType('Document'), null)
}

/** Identifies a section by its arguments; equal page sizes give equal keys, however they are written. */
function toSectionKey(scope: CostScope, selected: SelectedField): string {
  const { node, field } = selected
  const args = (node.arguments ?? []).filter(({ name }) => name.value !== 'first').map((argument) => print(argument))
  return `${field.name} ${estimatePage(scope, selected).text} ${args.toSorted().join()}`
}

function costOfSection(scope: CostScope, { section, selected, paths }: SelectedSection): CostExpression {
  const { field } = selected
  const itemType = section === 'demographics' ? getNamedType(field.type) : findItemType(getNamedType(field.type))
  const each = itemCost + countItemLeaves(itemType, neededFields(section, paths))
  if (section === 'demographics') return each
  // After a cursor, a region may have to send as many items of another region's page again.
  const pages = sum([1, countGiven(scope, selected, 'after')])
  return sum([sectionCost, product(estimatePage(scope, selected).size, pages, each)])
}

/** The paths of the fields that are selected on a section's items. */
function findItemPaths(scope: CostScope, type: GraphQLNamedType, nodes: readonly FieldNode[]): readonly string[] {
  if (type.name === 'Demographics' || isItem(scope, type)) return findLeafPaths(scope, type, nodes)
  const inner = selectFields(scope, type, toSelections(nodes)).filter(({ field }) =>
    ['nodes', 'edges', 'node'].includes(field.name),
  )
  return inner.flatMap(({ node, field }) => findItemPaths(scope, getNamedType(field.type), [node]))
}

function findLeafPaths(scope: CostScope, type: GraphQLNamedType, nodes: readonly FieldNode[]): readonly string[] {
  return selectFields(scope, type, toSelections(nodes)).flatMap(({ node, field }) => {
    const inner = findLeafPaths(scope, getNamedType(field.type), [node])
    return inner.length === 0 ? [field.name] : inner.map((path) => `${field.name}.${path}`)
  })
}

/** Counts the values that a region sends of an item for these paths; null: the whole item. */
function countItemLeaves(type: GraphQLNamedType | undefined, paths: readonly string[] | null): number {
  if (!isObjectType(type)) return 0
  if (paths === null) return hiddenItemValues + countLeaves(type)
  return paths.reduce((count, path) => count + countPathLeaves(type, path), 0)
}

function countPathLeaves(type: GraphQLNamedType, path: string): number {
  const [name = '', ...rest] = path.split('.')
  if (fieldsAddedByView.has(name)) return 0
  const field = isObjectType(type) ? type.getFields()[name] : undefined
  // Fields that the view needs and does not show: an identifier and an organisation have two values.
  if (!field) return name === 'identifier' || name === 'organisation' ? 2 : 1
  const inner = getNamedType(field.type)
  return rest.length === 0 ? countLeaves(inner) : countPathLeaves(inner, rest.join('.'))
}

const leafCounts = new WeakMap<GraphQLNamedType, number>()

/** Counts all values of a type, one of each list; the clinical types have no cycles. */
function countLeaves(type: GraphQLNamedType): number {
  if (!isObjectType(type)) return 1
  const cached = leafCounts.get(type)
  if (cached !== undefined) return cached
  const fields = Object.values(type.getFields()).filter(({ name }) => !fieldsAddedByView.has(name))
  const count = fields.reduce((total, field) => total + countLeaves(getNamedType(field.type)), 0)
  leafCounts.set(type, count)
  return count
}

/** Costs the `records` field: each region is sent the selection on its own type, so the largest counts. */
function costOfRecords(scope: CostScope, records: readonly SelectedField[]): CostExpression {
  const record = scope.schema.getType('RegionalRecord')
  if (!isInterfaceType(record)) return 0
  const selections = toSelections(records.map(({ node }) => node))
  return maximum(
    scope.schema
      .getPossibleTypes(record)
      .map((type) =>
        sum(selectFields(scope, type, selections).map((selected) => costOfRegionalField(scope, type, selected))),
      ),
  )
}

/**
 * Costs a field of a regional record. A store reads a section's items even for `answer` and `hasMore`, so they always
 * count.
 */
function costOfRegionalField(scope: CostScope, record: GraphQLObjectType, selected: SelectedField): CostExpression {
  const { node, field } = selected
  const type = getNamedType(field.type)
  if (!isCompositeType(type)) return 1
  const items = estimatePage(scope, selected).size
  if (findItemType(type)) {
    const inner = selectFields(scope, type, toSelections([node]))
    const ofItem = inner.filter((one) => one.field.name === 'nodes').map((one) => countSelectedValues(scope, one))
    const ofSection = inner.filter((one) => one.field.name !== 'nodes').map((one) => countSelectedValues(scope, one))
    return sum([sectionCost, product(items, sum([itemCost, ...ofItem])), ...ofSection])
  }
  const values = countSelectedValues(scope, selected)
  if (!isListType(getNullableType(field.type))) return sum([sectionCost, values])
  // A list beside the sections, such as `socialCarePlans`, may be filtered from a section that is read whole.
  const isOfItems = Object.values(record.getFields()).some((one) => findItemType(getNamedType(one.type)) === type)
  return sum([sectionCost, product(items, sum([isOfItems ? itemCost : 0, values]))])
}

/** Counts the selected values, one of each list. */
function countSelectedValues(scope: CostScope, { node, field }: SelectedField): CostExpression {
  const type = getNamedType(field.type)
  if (!isCompositeType(type)) return 1
  return sum(selectFields(scope, type, toSelections([node])).map((one) => countSelectedValues(scope, one)))
}

function toSelections(nodes: readonly FieldNode[]) {
  return nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? [])
}

function findItemType(section: GraphQLNamedType): GraphQLNamedType | undefined {
  const nodes = isObjectType(section) ? section.getFields().nodes : undefined
  return nodes && getNamedType(nodes.type)
}

function isItem({ schema }: CostScope, type: GraphQLNamedType): boolean {
  const item = schema.getType('Item')
  return isInterfaceType(item) && isObjectType(type) && schema.isSubType(item, type)
}
