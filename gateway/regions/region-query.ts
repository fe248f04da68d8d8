import { type GraphQLNamedType, type GraphQLSchema, getNamedType, isObjectType } from 'graphql'
import type { RecordsAsk, SectionAsk, ViewAsk } from './view-ask.ts'

/** What the gateway adds to a region's query for its own use begins with this. Clients' aliases and variable names never reach a region as they are. */
export const reservedPrefix = 'gw_'

export interface RegionQuery {
  readonly text: string
  readonly variables: Readonly<Record<string, unknown>>
}

export type RegionQueryBuilder = (asks: readonly ViewAsk[], regionCode: string) => RegionQuery

/**
 * Builds the one query that puts any number of asks to a region: `gw_0`, `gw_1`, ... are the asks, and in each record `gw_s0`, ...
 * its sections. Texts depend on what is selected, never on values, so a region sees few distinct ones.
 */
export function createRegionQueryBuilder(schema: GraphQLSchema, viewField: string): RegionQueryBuilder {
  const decision = 'decision { code rules policyVersion breakGlass { barrier reasons } grants permission itemRules alert standsForMs cacheable }'
  const retractions = 'retractions { identity id identifier { system value } organisation { odsCode name } at }'
  const envelope = `sequence readAt patients { askedNhsNumber nhsNumber birthDate sensitive ${decision} demographicsWithheld ${retractions} record {`
  const record = schema.getType('Record')
  if (!isObjectType(record)) throw new Error('Regional SDL: expected a type Record')
  const sectionFields = record.getFields()

  return (asks, regionCode) => {
    const variables: Record<string, unknown> = {}
    const definitions = new Map<string, string>()
    const define = (name: string, type: string, value: unknown) => {
      definitions.set(name, type)
      variables[name] = value
      return `$${name}`
    }

    const sectionText = (ask: SectionAsk, alias: string, prefix: string) => {
      const field = sectionFields[ask.field]
      if (!field) throw new Error(`Regional SDL: expected the field Record.${ask.field}`)
      const args = field.args.flatMap((argument) => {
        const value = argument.name === 'after' ? ask.after.get(regionCode) : ask.args[argument.name]
        return value === undefined || value === null ? [] : [`${argument.name}: ${define(`${prefix}_${alias}_${argument.name}`, String(argument.type), value)}`]
      })
      return `${reservedPrefix}${alias}: ${ask.field}${args.length > 0 ? `(${args.join(', ')})` : ''} ${wholeSelection(getNamedType(field.type))}`
    }
    const recordsText = (ask: RecordsAsk) => {
      const part = ask.regions.get(regionCode)
      for (const [name, type] of part?.variables ?? []) define(`${reservedPrefix}r_${name}`, type, ask.variableValues[name])
      return part?.text ?? ''
    }

    const bodies = asks.map((ask, index) => {
      const alias = `${reservedPrefix}${index}`
      const numbers = define(`${alias}_numbers`, '[NHSNumber!]!', ask.nhsNumbers)
      const sections = ask.sections.map((section) => sectionText(section, section.alias, alias)).join(' ')
      return `${alias}: ${viewField}(nhsNumbers: ${numbers}) { ${envelope} ${sections} ${ask.records ? recordsText(ask.records) : ''} nhsNumber localIdentifiers { system value } } } }`
    })
    const header = [...definitions].map(([name, type]) => `$${name}: ${type}`).join(', ')
    return { text: `query PatientView(${header}) { ${bodies.join(' ')} }`, variables }
  }
}

const wholeSelections = new WeakMap<GraphQLNamedType, string>()

/** Everything that a type has, all the way down; empty for a leaf. The clinical vocabulary has no cycles. */
function wholeSelection(type: GraphQLNamedType): string {
  if (!isObjectType(type)) return ''
  const known = wholeSelections.get(type)
  if (known !== undefined) return known
  const fields = Object.values(type.getFields()).map((field) => `${field.name} ${wholeSelection(getNamedType(field.type))}`.trim())
  const text = `{ ${fields.join(' ')} }`
  wholeSelections.set(type, text)
  return text
}
