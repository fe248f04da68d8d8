import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getNamedType,
  isInterfaceType,
  isObjectType,
} from 'graphql'
import { cachedStringify } from '../../schema/cached-stringify.ts'
import { fault } from '../../schema/graphql-errors.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { isSectionField, isTimelineField, sections } from '../../schema/sections.ts'
import type { RecordsRequest, SectionRequest } from '../regions/view-request.ts'
import { type CompiledArguments, compileArguments } from '../request/compile-arguments.ts'
import { flattenSelections } from '../request/selection.ts'
import { neededFields } from './needed-fields.ts'
import { planRecords, type RecordsSelection, toRecordsRequest } from './plan-records.ts'
import { type CursorCodec, isPageSize, maxPageSize, type TimelinePositions, withPageSize } from './timeline-cursor.ts'

/** The sections and records that a `patient` or `patients` field requests from the regions. */
export interface ViewPlan {
  readonly sections: readonly Omit<SectionRequest, 'after'>[]
  readonly records: RecordsRequest | null
}

/** The selections, independent of the variables in their arguments. */
interface ViewSelection {
  readonly sections: readonly SectionSelection[]
  readonly records: RecordsSelection | null
}

interface SectionSelection {
  readonly field: PlannedField
  readonly args: CompiledArguments
  readonly fields: readonly string[] | null
}

// The executor reuses its plans, so equal operations give the same nodes.
const selectionCache = new WeakMap<readonly FieldNode[], ViewSelection>()
// For selections without variables.
const planCache = new WeakMap<ViewSelection, ViewPlan>()

/** Finds the selected sections. Equal fields with equal arguments are requested once, whatever their aliases. */
export function planView(info: GraphQLResolveInfo, regions: readonly RegionConfiguration[]): ViewPlan {
  const selection = selectionCache.get(info.fieldNodes) ?? selectView(info, regions)
  selectionCache.set(info.fieldNodes, selection)
  const cached = planCache.get(selection)
  if (cached) return cached
  const plan = toPlan(selection, info)
  if (!plan.records && selection.sections.every(({ args }) => args.isConstant)) planCache.set(selection, plan)
  return plan
}

const protectedPlanCache = new WeakMap<ViewPlan, ViewPlan>()

/**
 * Returns the plan for a patient whose location is protected; the same object if nothing differs.
 * Filters by organisation or by a code that may be local have no effect. Codes are requested with their systems,
 * which decide whether they are shown. Regional records are left out.
 */
export function toProtectedPlan(plan: ViewPlan): ViewPlan {
  const cached = protectedPlanCache.get(plan)
  if (cached) return cached
  const mapped = plan.sections.map(toProtectedSection)
  const sections = mapped.every((section, index) => section === plan.sections[index]) ? plan.sections : mapped
  const protectedPlan = plan.records === null && sections === plan.sections ? plan : { sections, records: null }
  protectedPlanCache.set(plan, protectedPlan)
  return protectedPlan
}

type PlannedSection = ViewPlan['sections'][number]
type PlannedField = PlannedSection['field']

function toProtectedSection(section: PlannedSection): PlannedSection {
  const { field, args, fields } = section
  const filter = args.filter ? toProtectedFilter(field, args.filter) : args.filter
  const needed = (fields ?? []).flatMap((path) => findCodePaths(field, path)).filter((path) => !fields?.includes(path))
  if (filter === args.filter && needed.length === 0) return section
  return {
    ...section,
    args: filter === args.filter ? args : { ...args, filter },
    fields: fields && [...new Set([...fields, ...needed])],
  }
}

/** The paths that decide whether the code at `path` may be shown. */
function findCodePaths(section: PlannedField, path: string): readonly string[] {
  const [concept = ''] = path.split('.')
  const administrative: readonly string[] = section === 'demographics' ? [] : sections[section].administrativeConcepts
  const coded =
    /^(?<before>.*\bcodings)\./.exec(path)?.groups?.before ??
    (path === `${concept}.text` && administrative.includes(concept) ? `${concept}.codings` : null)
  if (coded !== null) return [`${coded}.system`, `${coded}.code`]
  return /\bquantity\.code$/.test(path) ? [path.replace(/code$/, 'system')] : []
}

/** Removes criteria that would reveal a publisher from a filter; returns the same object if it has none. */
function toProtectedFilter(section: PlannedField, filter: object): object {
  const isHarmless = section === 'demographics' ? null : sections[section].areHarmlessCodes
  const allowed = Object.entries(filter).filter(([name, value]) => {
    if (name === 'organisations') return false
    return !['types', 'categories', 'codes'].includes(name) || !Array.isArray(value) || isHarmless?.(value)
  })
  return allowed.length === Object.keys(filter).length ? filter : Object.fromEntries(allowed)
}

function toPlan(selection: ViewSelection, info: GraphQLResolveInfo): ViewPlan {
  const sections = new Map<string, Omit<SectionRequest, 'after'>>()
  for (const { field, args: argsOf, fields } of selection.sections) {
    const args = withPageSize(argsOf.evaluate(info.variableValues))
    const key = toSectionKey(field, args)
    const planned = sections.get(key)
    sections.set(
      key,
      planned
        ? { ...planned, fields: uniteFields(planned.fields, fields) }
        : { alias: `s${sections.size}`, field, args, fields },
    )
  }
  const records = selection.records && toRecordsRequest(selection.records, info)
  return { sections: [...sections.values()], records }
}

function selectView(info: GraphQLResolveInfo, regions: readonly RegionConfiguration[]): ViewSelection {
  const patient = getNamedType(info.returnType)
  const section = info.schema.getType('Section')
  if (!isObjectType(patient) || !isInterfaceType(section))
    throw new Error('Expected the types Patient and Section in the schema')
  const selected: SectionSelection[] = []
  const records: FieldNode[] = []
  for (const node of flattenSelections(
    info,
    patient,
    info.fieldNodes.flatMap((field) => field.selectionSet?.selections ?? []),
  )) {
    const field = patient.getFields()[node.name.value]
    if (!field) continue
    const type = getNamedType(field.type)
    if (field.name === 'records') records.push(node)
    else if (field.name === 'demographics' || isSectionField(field.name)) {
      selected.push({
        field: field.name,
        args: compileArguments(field, node),
        fields: neededFields(field.name, findItemFields(info, type, node)),
      })
    } else if (isObjectType(type) && info.schema.isSubType(section, type))
      throw new Error(`Expected the section ${field.name} in schema/sections.ts`)
  }
  return { sections: selected, records: planRecords(info, records, regions) }
}

/** The paths of the fields selected on a section's items, under `nodes` and `edges`. */
function findItemFields(info: GraphQLResolveInfo, type: GraphQLNamedType, node: FieldNode): readonly string[] {
  if (!isObjectType(type)) return []
  if (isItemType(info, type)) return findFieldPaths(info, type, node)
  return flattenSelections(info, type, node.selectionSet?.selections ?? []).flatMap((selected) => {
    const inner = type.getFields()[selected.name.value]
    return inner && ['nodes', 'edges', 'node'].includes(inner.name)
      ? findItemFields(info, getNamedType(inner.type), selected)
      : []
  })
}

/** The paths of the fields selected under a node, down to the leaves, as `type.codings.code`. */
function findFieldPaths(info: GraphQLResolveInfo, type: GraphQLNamedType, node: FieldNode): readonly string[] {
  if (!isObjectType(type)) return []
  return flattenSelections(info, type, node.selectionSet?.selections ?? []).flatMap((selected) => {
    const field = type.getFields()[selected.name.value]
    if (!field) return []
    const inner = findFieldPaths(info, getNamedType(field.type), selected)
    return inner.length === 0 ? [field.name] : inner.map((path) => `${field.name}.${path}`)
  })
}

/** Demographics have the same added fields as items. */
function isItemType({ schema }: GraphQLResolveInfo, type: GraphQLObjectType): boolean {
  const item = schema.getType('Item')
  return type.name === 'Demographics' || (isInterfaceType(item) && schema.isSubType(item, type))
}

function uniteFields(some: readonly string[] | null, others: readonly string[] | null): readonly string[] | null {
  return some && others && [...new Set([...some, ...others])].sort()
}

/** Identifies one section of a patient by its arguments. */
export function toSectionKey(field: string, args: Readonly<Record<string, unknown>>): string {
  return `${field} ${cachedStringify(args)}`
}

/**
 * Reads each region's positions from the cursors of a plan's pages, by alias.
 * Throws FIRST_OUT_OF_RANGE for an invalid page size. Throws BAD_CURSOR unless the cursor is bound to the one
 * requested patient, the field and the filter.
 */
export function readStartPositions(
  { sections }: ViewPlan,
  nhsNumbers: readonly string[],
  cursors: CursorCodec,
): ReadonlyMap<string, TimelinePositions> {
  const starts = new Map<string, TimelinePositions>()
  for (const { alias, field, args } of sections) {
    if (!isTimelineField(field)) continue
    const { first, after, filter } = args
    if (!isPageSize(first)) throw fault('FIRST_OUT_OF_RANGE', `${field}: expected first between 1 and ${maxPageSize}.`)
    if (after === null || after === undefined) continue
    const [nhsNumber, ...others] = nhsNumbers
    if (nhsNumber === undefined || others.length > 0)
      throw fault('BAD_CURSOR', `${field}: a cursor belongs to one patient; ask for that patient alone.`)
    const positions = cursors.parse(String(after), { nhsNumber, field, filter })
    if (!positions) throw fault('BAD_CURSOR', `Expected a cursor of this patient's ${field} with the same filter.`)
    starts.set(alias, positions)
  }
  return starts
}
