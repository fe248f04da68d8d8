import { type GraphQLNamedType, type GraphQLObjectType, type GraphQLSchema, getNamedType, isObjectType } from 'graphql'
import { createBoundedMemo } from '../../schema/bounded-memo.ts'
import type { SectionRequest, ViewRequest } from './view-request.ts'

/**
 * Prefix of every alias and variable that the gateway adds to a region's query. Clients' own names never reach a region
 * unchanged.
 */
export const reservedPrefix = 'gw_'
/** Prefix of the aliases and variables of regional fields that a client selects on `records`. */
export const regionalAliasPrefix = `${reservedPrefix}r_`

export interface RegionQuery {
  readonly text: string
  readonly variables: Readonly<Record<string, unknown>>
}

/**
 * Upper bound on all remembered query texts of a region, in characters. The objects made from a text take about 90
 * bytes per character.
 */
export const maxQueryCharacters = 400_000

export type RegionQueryBuilder = (requests: readonly ViewRequest[], regionCode: string) => RegionQuery

/** An argument that is given by a variable. */
interface VariableArgument {
  readonly argument: string
  readonly variable: string
  readonly type: string
  readonly value: unknown
}

/**
 * Creates the builder of the query that sends any number of view requests to a region. `gw_0`, `gw_1`, ... are the
 * requests, and in each record `gw_s0`, ... are its sections. A text depends on selections and on which arguments are
 * given, never on values. So there are few texts, and each is printed once.
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
  const toBodies = (requests: readonly ViewRequest[], regionCode: string) =>
    requests.map((request, index) => {
      const alias = `${reservedPrefix}${index}`
      const sections = request.sections.map((section) => ({
        section,
        args: toVariableArguments(section, alias, regionCode),
      }))
      return { request, alias, sections, regional: request.records?.regions.get(regionCode) ?? null }
    })
  type Body = ReturnType<typeof toBodies>[number]

  const printSection = ({ section, args }: Body['sections'][number]) => {
    const texts = args.map(({ argument, variable }) => `${argument}: $${variable}`).join(', ')
    return `${reservedPrefix}${section.alias}: ${section.field}${texts ? `(${texts})` : ''} ${printSectionSelection(getNamedType(findSectionField(section).type), section.fields)}`
  }
  const print = (bodies: readonly Body[]): string => {
    const definitions = new Map<string, string>()
    for (const { alias, sections, regional } of bodies) {
      definitions.set(`${alias}_numbers`, '[NHSNumber!]!')
      for (const { variable, type } of sections.flatMap(({ args }) => args)) definitions.set(variable, type)
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

  const build: RegionQueryBuilder = (requests, regionCode) => {
    const bodies = toBodies(requests, regionCode)
    const variables: Record<string, unknown> = {}
    let key = ''
    for (const { request, alias, sections, regional } of bodies) {
      variables[`${alias}_numbers`] = request.nhsNumbers
      key += `${alias} ${regional?.text ?? ''}`
      for (const { section, args } of sections) {
        key += ` ${section.alias}:${section.field} ${section.fields ?? '*'} `
        for (const { argument, variable, value } of args) {
          variables[variable] = value
          key += `(${argument})`
        }
      }
      Object.assign(variables, regional?.values)
    }
    return { text: queryTexts(key, () => print(bodies)), variables }
  }
  // First-page queries by their sections, which are the same array whenever they are equal.
  const firstPageQueries = new WeakMap<readonly SectionRequest[], RegionQuery>()

  return (requests, regionCode) => {
    const [request] = requests
    if (!request || requests.length > 1 || request.records || request.sections.some(({ after }) => after.size > 0))
      return build(requests, regionCode)
    const { text, variables } = firstPageQueries.get(request.sections) ?? build(requests, regionCode)
    firstPageQueries.set(request.sections, { text, variables })
    return { text, variables: { ...variables, [`${reservedPrefix}0_numbers`]: request.nhsNumbers } }
  }
}

/**
 * Prints the selection of a section or of demographics: these fields of its items, or all fields if `fields` is null.
 */
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

/**
 * Prints these paths of a type in this order, without those that it does not have. Prints the whole type if it has none
 * of them.
 */
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

/** Prints every field of a type, recursively; the empty string for a leaf type. The clinical types have no cycles. */
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
