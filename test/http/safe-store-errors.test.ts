import { buildSchema, execute, GraphQLError, graphql, parse } from 'graphql'
import { createSchema, createYoga } from 'graphql-yoga'
import { describe, expect, it } from 'vitest'
import { fault, isUnexpected, toSafeError } from '../../schema/graphql-errors.ts'
import { scalars } from '../../schema/scalars.ts'

const typeDefs = `
  scalar NHSNumber scalar DateTime scalar PartialDateTime scalar Decimal
  enum Colour { RED }
  input Filter { since: PartialDateTime, colours: [Colour!], limit: Int }
  type Query {
    patient(nhsNumber: NHSNumber!, filter: Filter, first: Int! = 20): String
    patients(nhsNumbers: [NHSNumber!]!): [String!]
    broken: String
    refused: String
  }`
const resolvers = {
  ...scalars,
  Query: {
    patient: (_: unknown, { nhsNumber }: { nhsNumber: string }) => nhsNumber,
    broken: () => {
      throw new Error('Smith 9990000018 is broken')
    },
    refused: () => {
      throw fault('TOO_MANY', 'Expected at most 50.', { extensions: { most: 50 } })
    },
  },
}
const schema = createSchema({ typeDefs, resolvers })

/** The same question put to graphql's own executor and to the one that graphql-yoga brings. */
const executors: Readonly<
  Record<string, (source: string, variableValues?: Record<string, unknown>) => Promise<readonly GraphQLError[]>>
> = {
  graphql: async (source, variableValues) => (await graphql({ schema, source, variableValues })).errors ?? [],
  yoga: async (query, variables) => {
    let errors: readonly GraphQLError[] = []
    const yoga = createYoga({
      schema,
      logging: false,
      maskedErrors: false,
      plugins: [
        {
          onResultProcess({ result }) {
            errors = 'errors' in result ? (result.errors ?? []) : []
          },
        },
      ],
    })
    await yoga.fetch('http://store/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    return errors
  },
}

const leaks: readonly [name: string, code: string, source: string, variables?: Record<string, unknown>][] = [
  ['a string where a name is expected', 'GRAPHQL_PARSE_FAILED', '{ patient("9990000019") }'],
  ['a number where a name is expected', 'GRAPHQL_PARSE_FAILED', '{ 9990000019 }'],
  ['a name where nothing is expected', 'GRAPHQL_PARSE_FAILED', 'Smith'],
  ['an unterminated string', 'GRAPHQL_PARSE_FAILED', '{ patient(nhsNumber: "9990000019'],
  ['a strange character', 'GRAPHQL_PARSE_FAILED', '{ patient # Smith \n ~ }'],
  ['a bad literal number', 'INVALID_NHS_NUMBER', '{ patient(nhsNumber: "9990000019") }'],
  ['an integer for a number', 'INVALID_NHS_NUMBER', '{ patient(nhsNumber: 9990000019) }'],
  ['a bad literal date', 'INVALID_DATE', '{ patient(nhsNumber: "9990000018", filter: { since: "Smith" }) }'],
  ['a string for an Int', 'GRAPHQL_VALIDATION_FAILED', '{ patient(nhsNumber: "9990000018", first: "Smith") }'],
  [
    'a string for an enum',
    'GRAPHQL_VALIDATION_FAILED',
    '{ patient(nhsNumber: "9990000018", filter: { colours: ["Smith"] }) }',
  ],
  [
    'an unknown enum value',
    'GRAPHQL_VALIDATION_FAILED',
    '{ patient(nhsNumber: "9990000018", filter: { colours: [Smith] }) }',
  ],
  [
    'an unknown input field',
    'GRAPHQL_VALIDATION_FAILED',
    '{ patient(nhsNumber: "9990000018", filter: { limit: 3, smith: "Smith 9990000019" }) }',
  ],
  ['a string for an object', 'GRAPHQL_VALIDATION_FAILED', '{ patient(nhsNumber: "9990000018", filter: "Smith") }'],
  ['a number as a field', 'GRAPHQL_VALIDATION_FAILED', '{ _9990000019 }'],
  [
    'a bad number in a variable',
    'INVALID_NHS_NUMBER',
    'query ($n: NHSNumber!) { patient(nhsNumber: $n) }',
    { n: '9990000019' },
  ],
  [
    'a bad number in a list',
    'INVALID_NHS_NUMBER',
    'query ($n: [NHSNumber!]!) { patients(nhsNumbers: $n) }',
    { n: ['9990000018', 'Smith'] },
  ],
  [
    'an object for a number',
    'INVALID_NHS_NUMBER',
    'query ($n: NHSNumber!) { patient(nhsNumber: $n) }',
    { n: { Smith: 9990000019 } },
  ],
  ['a missing variable', 'BAD_USER_INPUT', 'query ($n: NHSNumber!) { patient(nhsNumber: $n) }', {}],
  [
    'an unknown field in a variable',
    'BAD_USER_INPUT',
    'query ($f: Filter) { patient(nhsNumber: "9990000018", filter: $f) }',
    { f: { Smith: '9990000019' } },
  ],
  [
    'a string for an object in a variable',
    'BAD_USER_INPUT',
    'query ($f: Filter) { patient(nhsNumber: "9990000018", filter: $f) }',
    { f: 'Smith' },
  ],
  [
    'an enum value in a variable',
    'BAD_USER_INPUT',
    'query ($f: Filter) { patient(nhsNumber: "9990000018", filter: $f) }',
    { f: { colours: ['Smith'] } },
  ],
  [
    'a string for an Int in a variable',
    'BAD_USER_INPUT',
    'query ($i: Int!) { patient(nhsNumber: "9990000018", first: $i) }',
    { i: 'Smith' },
  ],
  [
    'null for an argument that must not be',
    'BAD_USER_INPUT',
    'query ($i: Int) { patient(nhsNumber: "9990000018", first: $i) }',
    { i: null },
  ],
  ['a broken resolver', 'INTERNAL', '{ broken }'],
]

describe.each(Object.entries(executors))('errors of the executor of %s', (_, run) => {
  it.each(leaks)('the executor reports %s as %s without repeating it', async (_name, code, source, variables) => {
    const errors = (await run(source, variables)).map(toSafeError)
    expect(errors.map((error) => error.extensions.code)).toContain(code)
    expect(JSON.stringify(errors)).not.toMatch(/999000001|smith/i)
    expect(errors.every((error) => (code === 'INTERNAL' ? error.path : error.locations))).toBeTruthy()
  })

  it('the executor shows a coded fault unchanged, with its location', async () => {
    const [error] = (await run('{ refused }')).map(toSafeError)
    expect(error?.toJSON()).toEqual({
      message: 'Expected at most 50.',
      path: ['refused'],
      locations: [{ line: 1, column: 3 }],
      extensions: { code: 'TOO_MANY', most: 50 },
    })
  })

  it.each([
    [
      '{ patient(nhsNumber: "9990000018") { name } }',
      'Field "patient" must not have a selection since type "String" has no subfields.',
    ],
    ['{ patent }', 'Cannot query field "patent" on type "Query". Did you mean "patient" or "patients"?'],
    ['{ patient }', 'Argument "Query.patient(nhsNumber:)" of type "NHSNumber!" is required, but it was not provided.'],
    ['query ($a: Int) { broken }', 'Variable "$a" is never used.'],
    [
      '{ a: broken a: refused }',
      'Fields "a" conflict because "broken" and "refused" are different fields. Use different aliases on the fields to fetch both if this was intentional.',
    ],
    ['{ broken', 'Syntax Error: Expected Name, found <EOF>.'],
    ['{ patient(nhsNumber: "9990000018", first: "2") }', 'Expected a value of type "Int".'],
  ])('the executor keeps what helps a developer: %s', async (source, message) => {
    expect((await run(source)).map((error) => toSafeError(error).message)).toEqual([message])
  })
})

describe('the scalars', () => {
  it('the scalars accept an NHS number as people write it and pass on ten digits', async () => {
    const query = 'query ($n: NHSNumber!) { a: patient(nhsNumber: $n) b: patient(nhsNumber: "999-000-0018") }'
    expect((await graphql({ schema, source: query, variableValues: { n: '999 000 0018' } })).data).toEqual({
      a: '9990000018',
      b: '9990000018',
    })
  })
})

describe('a bug', () => {
  it("the executor masks a bug, and distinguishes it from graphql's own errors", async () => {
    const located = new GraphQLError('Smith', { path: ['a'], originalError: new TypeError('Smith') })
    expect(toSafeError(located).message).not.toContain('Smith')
    expect(isUnexpected(located)).toBe(true)
    const nullForNonNull = await execute({ schema: buildSchema('type Query { a: Int! }'), document: parse('{ a }') })
    expect(nullForNonNull.errors?.map(isUnexpected)).toEqual([true])
  })
})
