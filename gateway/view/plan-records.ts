import { type FieldNode, type GraphQLObjectType, type GraphQLResolveInfo, getNamedType, isLeafType, isObjectType, print, type ValueNode, visit } from 'graphql'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { reservedPrefix } from '../regions/region-query.ts'
import type { RecordsAsk } from '../regions/view-ask.ts'
import { selectedFields } from './selection.ts'

/** A regional field with arguments may be selected several times; its answers are told apart by the client's response key. */
export function regionalResponseKey(responseKey: string): string {
  return `${reservedPrefix}r_${responseKey}`
}

/**
 * Puts a client's selection on `records` in each region's own terms: fragments entered, type prefixes taken off, what the gateway
 * itself answers left out. Null when nothing was selected.
 */
export function planRecords(info: GraphQLResolveInfo, nodes: readonly FieldNode[], regions: readonly RegionConfiguration[]): Omit<RecordsAsk, 'variableValues'> | null {
  if (nodes.length === 0) return null
  const selections = nodes.flatMap((node) => node.selectionSet?.selections ?? [])
  const parts = regions.map(({ code, typePrefix }) => {
    const record = info.schema.getType(`${typePrefix}Record`)
    if (!isObjectType(record)) throw new Error(`Expected the type ${typePrefix}Record in the schema`)
    const variables = new Map<string, string>()
    const fields = selectedFields(info, record, selections).filter((field) => field.name.value !== 'region')
    return [code, { text: fields.map((field) => regionalText(info, record, field, typePrefix, variables)).join(' '), variables }] as const
  })
  return { regions: new Map(parts) }
}

function regionalText(info: GraphQLResolveInfo, parent: GraphQLObjectType, node: FieldNode, typePrefix: string, variables: Map<string, string>): string {
  const name = node.name.value
  const field = parent.getFields()[name]
  // __typename is the gateway's to answer; a region's types have no prefix.
  if (!field) return ''
  const alias = field.args.length > 0 ? `${regionalResponseKey(node.alias?.value ?? name)}: ` : ''
  const args = (node.arguments ?? []).map((argument) => `${argument.name.value}: ${valueText(info, argument.value, typePrefix, variables)}`)
  const type = getNamedType(field.type)
  const head = `${alias}${name}${args.length > 0 ? `(${args.join(', ')})` : ''}`
  if (isLeafType(type) || !isObjectType(type)) return head
  const inner = selectedFields(info, type, node.selectionSet?.selections ?? []).map((one) => regionalText(info, type, one, typePrefix, variables))
  return `${head} { ${inner.filter(Boolean).join(' ') || '__typename'} }`
}

/** The value as written, its variables under a name of our own and noted with their types in the region's terms. */
function valueText(info: GraphQLResolveInfo, value: ValueNode, typePrefix: string, variables: Map<string, string>): string {
  const renamed = visit(value, {
    Variable(node) {
      const definition = info.operation.variableDefinitions?.find((one) => one.variable.name.value === node.name.value)
      if (definition) variables.set(node.name.value, print(definition.type).replaceAll(typePrefix, ''))
      return { ...node, name: { ...node.name, value: regionalResponseKey(node.name.value) } }
    },
  })
  return print(renamed)
}
