import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { buildSchema, type GraphQLField, type GraphQLObjectType, getNamedType, isObjectType } from 'graphql'

/** The public schema. */
export const publicSchema = buildSchema(
  readFileSync(new URL('../../../schema/composed.graphql', import.meta.url), 'utf8'),
)

export interface CostlyOperation {
  readonly text: string
  readonly variables: Readonly<Record<string, unknown>>
}

export interface CostlyOperationOptions {
  readonly nhsNumbers: readonly string[]
  readonly documentIds: readonly string[]
}

const timelines = new Set(['results', 'encounters', 'documents'])
const pages = { small: 3, middle: 30, large: 100 }

/**
 * Operations that ask regions: views of one patient and of several, under several aliases, with pages of all sizes,
 * regional records, and documents by id.
 */
export function anyCostlyOperation({ nhsNumbers, documentIds }: CostlyOperationOptions): fc.Arbitrary<CostlyOperation> {
  const one = fc.constantFrom(...nhsNumbers).map((number) => `patient(nhsNumber: "${number}", noCache: true)`)
  const several = fc.constantFrom(
    'patients(nhsNumbers: $numbers, noCache: true)',
    `patients(nhsNumbers: ${JSON.stringify(nhsNumbers.slice(0, 3))}, noCache: true)`,
  )
  const views = fc
    .tuple(fc.oneof(one, one, several), anyPatientSelection())
    .map(([field, selection]) => `${field} { ${selection} }`)
  const documents = fc.constant('document(id: "DOCUMENT") { document { id title conflicts { field } } }')
  const roots = fc.oneof({ weight: 6, arbitrary: views }, { weight: 1, arbitrary: documents })
  return fc.array(roots, { minLength: 1, maxLength: 4 }).map((texts) => {
    // Requests that ask the same at once share a region's answer: no document is asked for twice.
    const body = texts
      .map((text, index) => `r${index}: ${text.replace('DOCUMENT', documentIds[index] ?? '')}`)
      .join(' ')
    const types = { ...Object.fromEntries(Object.keys(pages).map((name) => [name, 'Int'])), numbers: '[NHSNumber!]!' }
    const definitions = Object.entries(types).flatMap(([name, type]) =>
      body.includes(`$${name}`) ? [`$${name}: ${type}`] : [],
    )
    return {
      text: `query${definitions.length > 0 ? `(${definitions.join(', ')})` : ''} { ${body} }`,
      variables: { ...pages, numbers: nhsNumbers },
    }
  })
}

/**
 * Sections with some fields of their items, what the view adds to them among these, or without any; as often as not
 * nothing but who answered.
 */
function anyPatientSelection(): fc.Arbitrary<string> {
  const patient = publicSchema.getType('Patient') as GraphQLObjectType
  const sections = Object.values(patient.getFields()).filter(
    ({ type }) => isObjectType(getNamedType(type)) && 'nodes' in (getNamedType(type) as GraphQLObjectType).getFields(),
  )
  const section = fc.oneof(
    ...sections.map((field) => anySection(field, getNamedType(field.type) as GraphQLObjectType, '')),
  )
  const demographics = anySelection(publicSchema.getType('Demographics') as GraphQLObjectType, 2).map(
    (inner) => `demographics ${inner}`,
  )
  const parts = fc.array(fc.oneof({ weight: 5, arbitrary: section }, { weight: 1, arbitrary: demographics }), {
    maxLength: 4,
  })
  const records = fc.oneof({ weight: 4, arbitrary: fc.constant('') }, { weight: 1, arbitrary: anyRegionalSelection() })
  return fc
    .tuple(parts, records)
    .map(([texts, record]) => ['presence', ...texts.map((text, index) => `p${index}: ${text}`), record].join(' '))
}

function anySection(
  field: GraphQLField<unknown, unknown>,
  type: GraphQLObjectType,
  prefix: string,
): fc.Arbitrary<string> {
  const item = getNamedType((type.getFields().nodes as GraphQLField<unknown, unknown>).type) as GraphQLObjectType
  const first = fc.constantFrom(
    '',
    '',
    '(first: 1)',
    '(first: 20)',
    '(first: 100)',
    ...Object.keys(pages).map((name) => (prefix ? '(first: 50)' : `(first: $${name})`)),
  )
  const nodes = fc.tuple(anySelection(item, 2), fc.constantFrom('nodes', 'nodes', prefix ? 'nodes' : 'edges', 'none'))
  return fc.tuple(timelines.has(field.name) ? first : fc.constant(''), nodes).map(([args, [inner, list]]) => {
    if (list === 'none') return `${field.name}${args} { __typename }`
    const isEdges = list === 'edges' && 'edges' in type.getFields()
    return `${field.name}${args} { ${isEdges ? `edges { node ${inner} }` : `nodes ${inner}`} }`
  })
}

/** Some fields of each region's own record: sections, and what stands beside them. */
function anyRegionalSelection(): fc.Arbitrary<string> {
  const of = (prefix: string) => {
    const record = publicSchema.getType(`${prefix}Record`) as GraphQLObjectType
    const fields = Object.values(record.getFields()).flatMap((field) => {
      const type = getNamedType(field.type)
      if (!isObjectType(type)) return []
      return 'nodes' in type.getFields()
        ? [anySection(field, type, prefix)]
        : [anySelection(type, 1).map((inner) => `${field.name} ${inner}`)]
    })
    return fc
      .array(fc.oneof(...fields), { minLength: 1, maxLength: 4 })
      .map(
        (texts) => `... on ${prefix}Record { ${texts.map((text, index) => `of${prefix}${index}: ${text}`).join(' ')} }`,
      )
  }
  return fc
    .tuple(of('CheshireMerseyside'), of('LancashireSouthCumbria'))
    .map((texts) => `records { ${texts.join(' ')} }`)
}

/** Some fields of a type, the same way down; never none. */
function anySelection(type: GraphQLObjectType, depth: number): fc.Arbitrary<string> {
  const fields = Object.values(type.getFields()).filter(
    (field) => field.args.length === 0 && (depth > 0 || !isObjectType(getNamedType(field.type))),
  )
  const texts = fields.map((field) => {
    const inner = getNamedType(field.type)
    return isObjectType(inner)
      ? anySelection(inner, depth - 1).map((selection) => `${field.name} ${selection}`)
      : fc.constant(field.name)
  })
  return fc
    .uniqueArray(fc.nat(texts.length - 1), { minLength: 1, maxLength: 8 })
    .chain((chosen) => fc.tuple(...chosen.map((index) => texts[index] ?? fc.constant('__typename'))))
    .map((chosen) => `{ ${chosen.join(' ')} }`)
}
