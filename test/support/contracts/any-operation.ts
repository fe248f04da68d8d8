import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import {
  buildSchema,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
} from 'graphql'

const schema = buildSchema(readFileSync(new URL('../../../schema/composed.graphql', import.meta.url), 'utf8'))

export interface AnyOperation {
  readonly text: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** Texts of arguments by Type.field.argument; those that are not here are not given. */
const given: Readonly<Record<string, readonly string[]>> = {
  'Patient.problems.status': ['[ACTIVE]', '[ACTIVE, RESOLVED]', '[$status]'],
  'Patient.medications.all': ['true', '$yes', '$no'],
  'Patient.procedures.since': ['"2020"'],
  'Patient.appointments.since': ['"2020-01"'],
  'Patient.results.first': ['1', '3', '$first', '101'],
  'Patient.results.filter': ['{ all: true }', '{ all: $yes, category: LABORATORY }'],
  'Patient.encounters.first': ['2', '$first'],
  'Patient.encounters.filter': ['{ all: true }'],
  'Patient.documents.first': ['2', '$first'],
  'Patient.documents.filter': ['{ status: [CURRENT, SUPERSEDED] }', '{ since: "2020" }'],
}
const variables = { yes: true, no: false, first: 2, status: 'ACTIVE' }
const types = { yes: 'Boolean!', no: 'Boolean!', first: 'Int', status: 'ProblemStatus!' }

const directives = fc.constantFrom(
  '',
  '',
  '',
  '',
  ' @include(if: $yes)',
  ' @include(if: $no)',
  ' @skip(if: $yes)',
  ' @skip(if: $no)',
)

/**
 * A selection on a type: fields with and without aliases and arguments, several of one name, fragments on the type and
 * what it implements.
 */
function selectionOn(type: GraphQLCompositeType, depth: number): fc.Arbitrary<string> {
  const fields =
    isObjectType(type) || isInterfaceType(type)
      ? Object.values(type.getFields()).filter((field) => depth > 0 || !isCompositeType(getNamedType(field.type)))
      : []
  const one = fc.oneof(
    { weight: 8, arbitrary: anyOf(fields.map((field) => fieldOf(type, field, depth))) },
    { weight: 1, arbitrary: fc.constant('__typename') },
    { weight: 1, arbitrary: fragmentOn(type, depth) },
  )
  return fc.array(one, { minLength: 1, maxLength: 6 }).map((texts) => `{ ${texts.join(' ')} }`)
}

function fieldOf(
  parent: GraphQLCompositeType,
  field: GraphQLField<unknown, unknown>,
  depth: number,
): fc.Arbitrary<string> {
  const type = getNamedType(field.type)
  const args = fc.tuple(...field.args.map((argument) => argumentOf(parent, field, argument)))
  const inner = isCompositeType(type) ? selectionOn(type, depth - 1) : fc.constant('')
  return fc.tuple(args, inner, directives).map(([texts, selection, directive]) => {
    const list = texts.filter(Boolean).join(', ')
    // Another alias for other arguments: fields of one response key must be the same.
    const alias = list ? `a${list.replace(/\W/g, '_')}_${field.name}: ` : ''
    return `${alias}${field.name}${list ? `(${list})` : ''}${directive} ${selection}`
  })
}

function argumentOf(
  parent: GraphQLCompositeType,
  field: GraphQLField<unknown, unknown>,
  { name }: GraphQLArgument,
): fc.Arbitrary<string> {
  const texts = given[`${parent.name}.${field.name}.${name}`] ?? []
  return fc.constantFrom('', ...texts.map((text) => `${name}: ${text}`))
}

function fragmentOn(type: GraphQLCompositeType, depth: number): fc.Arbitrary<string> {
  const conditions = isInterfaceType(type)
    ? [type, ...schema.getPossibleTypes(type)]
    : isObjectType(type)
      ? [type, ...type.getInterfaces()]
      : [type]
  if (depth <= 0) return fc.constant('__typename')
  return fc
    .tuple(
      anyOf(
        conditions.map((condition) =>
          selectionOn(condition, depth - 1).map((selection) => `on ${condition.name} ${selection}`),
        ),
      ),
      directives,
    )
    .map(([fragment, directive]) => `... ${fragment.replace(/^(on \w+)/, `$1${directive}`)}`)
}

function anyOf<T>(arbitraries: readonly fc.Arbitrary<T>[]): fc.Arbitrary<T> {
  return fc.oneof(...arbitraries)
}

const patient = schema.getType('Patient') as GraphQLCompositeType

/** An operation over one of these patients, or several. */
export function anyOperation(nhsNumbers: readonly string[]): fc.Arbitrary<AnyOperation> {
  const roots = fc.oneof(
    fc
      .constantFrom(...nhsNumbers)
      .map((number) => `patient(nhsNumber: "${number}", access: { relationship: ATTENDING })`),
    fc
      .subarray([...nhsNumbers], { minLength: 1, maxLength: 3 })
      .map((numbers) => `patients(nhsNumbers: ${JSON.stringify(numbers)}, access: { relationship: CLAIMED })`),
  )
  const root = fc.tuple(roots, selectionOn(patient, 4))
  return fc.array(root, { minLength: 1, maxLength: 2 }).map((asked) => {
    const fields = asked.map(([field, selection], index) => `r${index}: ${field} ${selection}`)
    const body = `{ ${fields.join(' ')} }`
    const definitions = Object.entries(types).flatMap(([name, type]) =>
      new RegExp(`\\$${name}\\b`).test(body) ? [`$${name}: ${type}`] : [],
    )
    return { text: `query Any${definitions.length > 0 ? `(${definitions.join(', ')})` : ''} ${body}`, variables }
  })
}
