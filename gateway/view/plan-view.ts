import { type FieldNode, type GraphQLResolveInfo, getArgumentValues, getNamedType, isInterfaceType, isObjectType } from 'graphql'
import type { RegionConfiguration } from '../../schema/regions.ts'
import type { RecordsAsk, SectionAsk } from '../regions/view-ask.ts'
import { planRecords } from './plan-records.ts'
import { selectedFields } from './selection.ts'

/** What a `patient` or `patients` field selects, as it is to be asked of the regions. */
export interface ViewPlan {
  readonly sections: readonly Omit<SectionAsk, 'after'>[]
  readonly records: RecordsAsk | null
}

/** Finds the sections that were selected: the same field with the same arguments is asked once, whatever its aliases. */
export function planView(info: GraphQLResolveInfo, regions: readonly RegionConfiguration[]): ViewPlan {
  const patient = getNamedType(info.returnType)
  const section = info.schema.getType('Section')
  if (!isObjectType(patient) || !isInterfaceType(section)) throw new Error('Expected the types Patient and Section in the schema')
  const sections = new Map<string, Omit<SectionAsk, 'after'>>()
  const records: FieldNode[] = []
  for (const node of selectedFields(
    info,
    patient,
    info.fieldNodes.flatMap((field) => field.selectionSet?.selections ?? []),
  )) {
    const field = patient.getFields()[node.name.value]
    if (!field) continue
    const type = getNamedType(field.type)
    if (field.name === 'records') records.push(node)
    else if (field.name === 'demographics' || (isObjectType(type) && info.schema.isSubType(section, type))) {
      const args = getArgumentValues(field, node, info.variableValues)
      const key = sectionKey(field.name, args)
      if (!sections.has(key)) sections.set(key, { alias: `s${sections.size}`, field: field.name, args })
    }
  }
  return { sections: [...sections.values()], records: planRecords(info, records, regions) }
}

/** What tells one section instance of a patient from another. */
export function sectionKey(field: string, args: Readonly<Record<string, unknown>>): string {
  return `${field} ${JSON.stringify(args)}`
}
