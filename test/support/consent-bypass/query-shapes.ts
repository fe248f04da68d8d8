import { readFileSync } from 'node:fs'
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
} from 'graphql'

/** How a query names the fields it wants. */
export type Style = 'fields' | 'inline fragments' | 'named fragments'
export const styles: readonly Style[] = ['fields', 'inline fragments', 'named fragments']

/** Whatever argument widens what a field answers. */
const widest: Readonly<Record<string, string>> = { first: '100', all: 'true', since: '"1900"' }
const widestFilter = (field: string) => (field === 'documents' ? '{ status: [CURRENT, SUPERSEDED] }' : '{ all: true }')
/** Answered from no record. */
const leftOut = new Set(['health'])

export interface Selection {
  readonly fields: string
  /** The definitions that the fields spread. */
  readonly fragments: string
}

const schema = buildSchema(readFileSync(new URL('../../../schema/composed.graphql', import.meta.url), 'utf8'))

/**
 * Every field of every type that can be reached from a type of the public schema; `isWanted` chooses among the type's
 * own.
 */
export function selectAll(root: string, style: Style, isWanted: (field: string) => boolean = () => true): Selection {
  const type = schema.getType(root)
  if (!isObjectType(type)) throw new Error(`Expected an object type ${root}`)
  const fragments = new Map<string, string>()
  const fields = Object.values(type.getFields())
    .filter(({ name }) => isWanted(name))
    .map(createWalk(style, fragments))
  return { fields: fields.join(' '), fragments: [...fragments.values()].join(' ') }
}

function createWalk(style: Style, fragments: Map<string, string>): (field: GraphQLField<unknown, unknown>) => string {
  const walk = (field: GraphQLField<unknown, unknown>): string => {
    const type = getNamedType(field.type)
    const head = `${field.name}${argumentsOf(field)}`
    if (isLeafType(type)) return head
    if (isInterfaceType(type))
      return `${head} { __typename ${enclose(type, fieldsOf(type))} ${schema.getPossibleTypes(type).map(ownFields).join(' ')} }`
    return isObjectType(type) ? `${head} { __typename ${selectionOf(type)} }` : ''
  }
  const fieldsOf = (type: GraphQLObjectType | GraphQLInterfaceType, except: ReadonlySet<string> = leftOut) =>
    Object.values(type.getFields())
      .filter(({ name }) => !except.has(name))
      .map(walk)
      .join(' ')
  const selectionOf = (type: GraphQLObjectType): string => {
    if (style === 'fields') return fieldsOf(type)
    const interfaces = type.getInterfaces()
    const shared = new Set([...leftOut, ...interfaces.flatMap((one) => Object.keys(one.getFields()))])
    return [...interfaces.map((one) => enclose(one, fieldsOf(one))), enclose(type, fieldsOf(type, shared))].join(' ')
  }
  // Regions' types differ in the enums of like fields, which one response name cannot have both of.
  const ownFields = (type: GraphQLObjectType): string =>
    `... on ${type.name} { ${Object.values(type.getFields())
      .filter(({ name }) => name !== 'region')
      .map((field) => `${type.name}_${field.name}: ${walk(field)}`)
      .join(' ')} }`
  const enclose = (type: GraphQLObjectType | GraphQLInterfaceType, text: string): string => {
    if (style !== 'named fragments') return text && `... on ${type.name} { ${text} }`
    if (text) fragments.set(type.name, `fragment All${type.name} on ${type.name} { ${text} }`)
    return text && `...All${type.name} @include(if: true)`
  }
  return walk
}

function argumentsOf({ name, args }: GraphQLField<unknown, unknown>): string {
  const given = args.flatMap((argument) => {
    const value = argument.name === 'filter' ? widestFilter(name) : widest[argument.name]
    return value === undefined ? [] : [`${argument.name}: ${value}`]
  })
  return given.length > 0 ? `(${given.join(', ')})` : ''
}
