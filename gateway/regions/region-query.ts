import { type GraphQLNamedType, type GraphQLObjectType, type GraphQLSchema, getNamedType, isObjectType } from 'graphql'
import { createBoundedMemo } from '../../schema/bounded-memo.ts'
import type { SectionRequest, ViewRequest } from './view-request.ts'

/** What the gateway adds to a region's query for its own use begins with this. Clients' aliases and variable names never reach a region as they are. */
export const reservedPrefix = 'gw_'
/** Aliases of regional fields that a client selects on `records`, and of their variables, begin with this. */
export const regionalAliasPrefix = `${reservedPrefix}r_`

export interface RegionQuery {
  readonly text: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** Of the texts that are remembered of a region together: what is made of one takes some 90 bytes a character. */
export const maxQueryCharacters = 400_000

export type RegionQueryBuilder = (asks: readonly ViewRequest[], regionCode: string) => RegionQuery

/** A variable that an argument is given by. */
interface VariableArgument {
  readonly argument: string
  readonly variable: string
  readonly type: string
  readonly value: unknown
}

/**
 * Builds the one query that puts any number of asks to a region: `gw_0`, `gw_1`, ... are the asks, and in each record `gw_s0`, ...
 * its sections. Texts depend on what is selected and which arguments are given, never on values: few are printed, each once.
 */
export function createRegionQueryBuilder(schema: GraphQLSchema, viewField: string): RegionQueryBuilder {
  const decision =
    'decision { code rules policyVersion breakGlass { barrier reasons } grants permission itemRules alert standsForMs cacheable }'
  const retractions = 'retractions { identity id identifier { system value } organisation { odsCode name } at }'
  const envelope = `sequence readAt patients { askedNhsNumber nhsNumber birthDate sensitive ${decision} demographicsWithheld ${retractions} record {`
  const record = schema.getType('Record')
  if (!isObjectType(record)) throw new Error('Regional SDL: expected a type Record')
  const sectionFields = record.getFields()
  const findSectionField = ({ field }: SectionRequest) => {
    const found = sectionFields[field]
    if (!found) throw new Error(`Regional SDL: expected the field Record.${field}`)
    return found
  }

  const toVariableArguments = (
    section: SectionRequest,
    prefix: string,
    regionCode: string,
  ): readonly VariableArgument[] =>
    findSectionField(section).args.flatMap(({ name, type }) => {
      const value = name === 'after' ? section.after.get(regionCode) : section.args[name]
      return value === undefined || value === null
        ? []
        : [{ argument: name, variable: `${prefix}_${section.alias}_${name}`, type: String(type), value }]
    })
  const toBodies = (asks: readonly ViewRequest[], regionCode: string) =>
    asks.map((ask, index) => {
      const alias = `${reservedPrefix}${index}`
      const sections = ask.sections.map((section) => ({
        section,
        given: toVariableArguments(section, alias, regionCode),
      }))
      return { ask, alias, sections, regional: ask.records?.regions.get(regionCode) ?? null }
    })
  type Body = ReturnType<typeof toBodies>[number]

  const printSection = ({ section, given }: Body['sections'][number]) => {
    const args = given.map(({ argument, variable }) => `${argument}: $${variable}`).join(', ')
    return `${reservedPrefix}${section.alias}: ${section.field}${args ? `(${args})` : ''} ${printSectionSelection(getNamedType(findSectionField(section).type), section.fields)}`
  }
  const print = (bodies: readonly Body[]): string => {
    const definitions = new Map<string, string>()
    for (const { alias, sections, regional } of bodies) {
      definitions.set(`${alias}_numbers`, '[NHSNumber!]!')
      for (const { variable, type } of sections.flatMap(({ given }) => given)) definitions.set(variable, type)
      for (const [name, type] of regional?.types ?? []) definitions.set(name, type)
    }
    const header = [...definitions].map(([name, type]) => `$${name}: ${type}`).join(', ')
    const texts = bodies.map(
      ({ alias, sections, regional }) =>
        `${alias}: ${viewField}(nhsNumbers: $${alias}_numbers) { ${envelope} ${sections.map(printSection).join(' ')} ${regional?.text ?? ''} nhsNumber localIdentifiers { system value } } } }`,
    )
    return `query PatientView(${header}) { ${texts.join(' ')} }`
  }
  const queryTexts = createBoundedMemo<string>(1000, maxQueryCharacters)

  const build: RegionQueryBuilder = (asks, regionCode) => {
    const bodies = toBodies(asks, regionCode)
    const variables: Record<string, unknown> = {}
    let key = ''
    for (const { ask, alias, sections, regional } of bodies) {
      variables[`${alias}_numbers`] = ask.nhsNumbers
      key += `${alias} ${regional?.text ?? ''}`
      for (const { section, given } of sections) {
        key += ` ${section.alias}:${section.field} ${section.fields ?? '*'} `
        for (const { argument, variable, value } of given) {
          variables[variable] = value
          key += `(${argument})`
        }
      }
      Object.assign(variables, regional?.values)
    }
    return { text: queryTexts(key, () => print(bodies)), variables }
  }
  // By the sections of a first page, which are one object each time where they are the same.
  const firstPageQueries = new WeakMap<readonly SectionRequest[], RegionQuery>()

  return (asks, regionCode) => {
    const [ask] = asks
    if (!ask || asks.length > 1 || ask.records || ask.sections.some(({ after }) => after.size > 0))
      return build(asks, regionCode)
    const { text, variables } = firstPageQueries.get(ask.sections) ?? build(asks, regionCode)
    firstPageQueries.set(ask.sections, { text, variables })
    return { text, variables: { ...variables, [`${reservedPrefix}0_numbers`]: ask.nhsNumbers } }
  }
}

/** A section whole, its items, or demographics, with these fields alone; null: with all. */
function printSectionSelection(type: GraphQLNamedType, fields: readonly string[] | null): string {
  if (fields === null || !isObjectType(type)) return printFullSelection(type)
  if (!('nodes' in type.getFields())) return printPartialSelection(type, fields)
  const texts = Object.values(type.getFields()).map(({ name, type: fieldType }) => {
    const inner = getNamedType(fieldType)
    if (name !== 'nodes' || !isObjectType(inner)) return `${name} ${printFullSelection(inner)}`
    return `nodes ${printPartialSelection(inner, fields)}`
  })
  return `{ ${texts.join(' ')} }`
}

/** These paths of a type, in this order, as far as it has them; the whole where it has none of them. */
function printPartialSelection(type: GraphQLObjectType, paths: readonly string[]): string {
  const byField = Map.groupBy(paths, (path) => path.split('.', 1)[0] ?? '')
  const texts = [...byField].flatMap(([name, own]) => {
    const field = type.getFields()[name]
    if (!field) return []
    const inner = getNamedType(field.type)
    const isWhole = own.includes(name) || !isObjectType(inner)
    return [
      `${name} ${
        isWhole
          ? printFullSelection(inner)
          : printPartialSelection(
              inner,
              own.map((path) => path.slice(name.length + 1)),
            )
      }`.trim(),
    ]
  })
  return texts.length > 0 ? `{ ${texts.join(' ')} }` : printFullSelection(type)
}

const fullSelections = new WeakMap<GraphQLNamedType, string>()

/** Everything that a type has, all the way down; empty for a leaf. The clinical vocabulary has no cycles. */
function printFullSelection(type: GraphQLNamedType): string {
  if (!isObjectType(type)) return ''
  const known = fullSelections.get(type)
  if (known !== undefined) return known
  const fields = Object.values(type.getFields()).map((field) =>
    `${field.name} ${printFullSelection(getNamedType(field.type))}`.trim(),
  )
  const text = `{ ${fields.join(' ')} }`
  fullSelections.set(type, text)
  return text
}
