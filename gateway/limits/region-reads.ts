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
import { addedToItems } from '../view/added-to-items.ts'
import { neededFields } from '../view/needed-fields.ts'
import { type Amount, largest, product, sum } from './amount.ts'
import { type CostScope, isGiven, pageOf, type SelectedField, selectFields } from './cost-scope.ts'

/**
 * What a patient takes in a region however little is selected: finding the record and what the rules read, deciding, the audit trail. A value of a
 * reply is 1. In processor time a patient is some 60 items (`npm run bench -- cost`); as 20, fifty patients' summaries stay within the limit.
 */
export const patientReads = 500
/** An item that a store reads, beside its values. */
export const itemReads = 25
/** What a section's answer has beside its items. */
const sectionReads = 10
/** Values that every item is sent with and the view does not show: business identifier, version, organisation, instants. */
const unseenValues = 8

/** What each region reads for one patient: a section once for each of its arguments, whatever its aliases, with the fields that the view needs to show what is selected. */
export function readsOfPatient(scope: CostScope, nodes: readonly FieldNode[]): Amount {
  const sections = new Map<string, { readonly selected: SelectedField; readonly paths: string[] }>()
  const records: SelectedField[] = []
  for (const selected of selectFields(scope, scope.schema.getType('Patient'), selectionsOf(nodes))) {
    const { node, field } = selected
    if (field.name === 'records') records.push(selected)
    else if (field.name === 'demographics' || isSection(scope, field.type)) {
      const key = toKey(scope, selected)
      const known = sections.get(key) ?? { selected, paths: [] }
      known.paths.push(...itemPaths(scope, getNamedType(field.type), [node]))
      sections.set(key, known)
    }
  }
  const ofSections = [...sections.values()].map(({ selected, paths }) => readsOfSection(scope, selected, paths))
  return sum([patientReads, ...ofSections, readsOfRecords(scope, records)])
}

/** What one document by its id makes each region read: whose it is, and then the patient's view with this one item, whole. */
export function readsOfDocument({ schema }: CostScope): Amount {
  return 2 * patientReads + itemReads + leavesOfItem(schema.getType('Document'), null)
}

/** The fields of one section by their arguments: pages of one size are one, however it is written. */
function toKey(scope: CostScope, selected: SelectedField): string {
  const { node, field } = selected
  const args = (node.arguments ?? []).filter(({ name }) => name.value !== 'first').map((argument) => print(argument))
  return `${field.name} ${pageOf(scope, selected).text} ${args.toSorted().join()}`
}

function readsOfSection(scope: CostScope, selected: SelectedField, paths: readonly string[]): Amount {
  const { field } = selected
  const itemType = field.name === 'demographics' ? getNamedType(field.type) : itemTypeOf(getNamedType(field.type))
  const each = itemReads + leavesOfItem(itemType, neededFields(field.name, paths))
  if (field.name === 'demographics') return each
  // A page after a cursor may make a region read as many items of another's page again.
  const pages = sum([1, isGiven(scope, selected, 'after')])
  return sum([sectionReads, product(pageOf(scope, selected).size, pages, each)])
}

/** The paths of the fields that are selected on a section's items. */
function itemPaths(scope: CostScope, type: GraphQLNamedType, nodes: readonly FieldNode[]): readonly string[] {
  if (type.name === 'Demographics' || isItem(scope, type)) return leafPaths(scope, type, nodes)
  const inner = selectFields(scope, type, selectionsOf(nodes)).filter(({ field }) => ['nodes', 'edges', 'node'].includes(field.name))
  return inner.flatMap(({ node, field }) => itemPaths(scope, getNamedType(field.type), [node]))
}

function leafPaths(scope: CostScope, type: GraphQLNamedType, nodes: readonly FieldNode[]): readonly string[] {
  return selectFields(scope, type, selectionsOf(nodes)).flatMap(({ node, field }) => {
    const inner = leafPaths(scope, getNamedType(field.type), [node])
    return inner.length === 0 ? [field.name] : inner.map((path) => `${field.name}.${path}`)
  })
}

/** How many values a region sends of an item for these paths; null: all. */
function leavesOfItem(type: GraphQLNamedType | undefined, paths: readonly string[] | null): number {
  if (!isObjectType(type)) return 0
  if (paths === null) return unseenValues + leavesOf(type)
  return paths.reduce((count, path) => count + leavesOfPath(type, path), 0)
}

function leavesOfPath(type: GraphQLNamedType, path: string): number {
  const [name = '', ...rest] = path.split('.')
  if (addedToItems.has(name)) return 0
  const field = isObjectType(type) ? type.getFields()[name] : undefined
  // What the view needs and does not show: an identifier and an organisation have two values.
  if (!field) return name === 'identifier' || name === 'organisation' ? 2 : 1
  const inner = getNamedType(field.type)
  return rest.length === 0 ? leavesOf(inner) : leavesOfPath(inner, rest.join('.'))
}

const counted = new WeakMap<GraphQLNamedType, number>()

/** All values of a type, one of each list; the clinical vocabulary has no cycles. */
function leavesOf(type: GraphQLNamedType): number {
  if (!isObjectType(type)) return 1
  const known = counted.get(type)
  if (known !== undefined) return known
  const fields = Object.values(type.getFields()).filter(({ name }) => !addedToItems.has(name))
  const count = fields.reduce((total, field) => total + leavesOf(getNamedType(field.type)), 0)
  counted.set(type, count)
  return count
}

/** What the regions' own records are read for: each region is sent the selection on its own type, so the largest counts. */
function readsOfRecords(scope: CostScope, records: readonly SelectedField[]): Amount {
  const record = scope.schema.getType('RegionalRecord')
  if (!isInterfaceType(record)) return 0
  const selections = selectionsOf(records.map(({ node }) => node))
  return largest(scope.schema.getPossibleTypes(record).map((type) => sum(selectFields(scope, type, selections).map((selected) => readsOfRegional(scope, type, selected)))))
}

/** What a field of a region's own record is read for. A store reads a section's items for `answer` and `hasMore` too, so they count whatever is selected. */
function readsOfRegional(scope: CostScope, record: GraphQLObjectType, selected: SelectedField): Amount {
  const { node, field } = selected
  const type = getNamedType(field.type)
  if (!isCompositeType(type)) return 1
  const items = pageOf(scope, selected).size
  if (itemTypeOf(type)) {
    const inner = selectFields(scope, type, selectionsOf([node]))
    const ofItem = inner.filter((one) => one.field.name === 'nodes').map((one) => valuesOf(scope, one))
    const ofSection = inner.filter((one) => one.field.name !== 'nodes').map((one) => valuesOf(scope, one))
    return sum([sectionReads, product(items, sum([itemReads, ...ofItem])), ...ofSection])
  }
  const values = valuesOf(scope, selected)
  if (!isListType(getNullableType(field.type))) return sum([sectionReads, values])
  // A list beside the sections, as `socialCarePlans`, may be filtered out of a section that is read whole.
  const isOfItems = Object.values(record.getFields()).some((one) => itemTypeOf(getNamedType(one.type)) === type)
  return sum([sectionReads, product(items, sum([isOfItems ? itemReads : 0, values]))])
}

/** How many values are selected, one of each list. */
function valuesOf(scope: CostScope, { node, field }: SelectedField): Amount {
  const type = getNamedType(field.type)
  if (!isCompositeType(type)) return 1
  return sum(selectFields(scope, type, selectionsOf([node])).map((one) => valuesOf(scope, one)))
}

function selectionsOf(nodes: readonly FieldNode[]) {
  return nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? [])
}

function itemTypeOf(section: GraphQLNamedType): GraphQLNamedType | undefined {
  const nodes = isObjectType(section) ? section.getFields().nodes : undefined
  return nodes && getNamedType(nodes.type)
}

function isItem({ schema }: CostScope, type: GraphQLNamedType): boolean {
  const item = schema.getType('Item')
  return isInterfaceType(item) && isObjectType(type) && schema.isSubType(item, type)
}

function isSection({ schema }: CostScope, type: Parameters<typeof getNamedType>[0]): boolean {
  const section = schema.getType('Section')
  const named = type && getNamedType(type)
  return isInterfaceType(section) && isObjectType(named) && schema.isSubType(section, named)
}
