import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publishedOperation } from '../support/published-operation.ts'
import { type GraphQLAnswer, type System, startSystem } from '../support/system.ts'

const nhsNumber = '9990000018'
const answered = [{ status: 'ANSWERED' }, { status: 'ANSWERED' }]

let system: System
/** A gateway that suspends a region after five failures in a row, as it does in use. */
let url: string
beforeAll(async () => {
  system = await startSystem({ people: true })
  url = await system.another({
    regions: system.regions.map((region) => ({ ...region, resilience: { ...region.resilience, failuresInRow: 5 } })),
  })
})
afterAll(() => system[Symbol.asyncDispose]())

async function ask(query: string, variables: object = {}): Promise<GraphQLAnswer> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await system.token()}` }
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables }),
  })
  return { errors: [], status: response.status, ...((await response.json()) as object) } as unknown as GraphQLAnswer
}

const patient = (selection: string) =>
  `patient(nhsNumber: "${nhsNumber}") { completeness { message regions { status } } ${selection} }`
const onExchange = (selection: string) => `... on CheshireMerseysideRecord { ${selection} }`

describe('records under several aliases', () => {
  test('answer each with its own arguments, however often they are asked, and no region is blamed', async () => {
    const results = (first: number) =>
      `records { ${onExchange(`results(first: ${first}, filter: { all: true }) { nodes { id } }`)} }`
    for (let times = 0; times < 7; times++) {
      const { data, errors } = await ask(`{ ${patient(`a: ${results(1)} b: ${results(2)}`)} }`)
      expect(errors).toEqual([])
      expect(data.patient.completeness.regions).toEqual(answered)
      expect([data.patient.a[0].results.nodes.length, data.patient.b[0].results.nodes.length]).toEqual([1, 2])
    }
  })

  test('give one response key to different fields of different regions', async () => {
    const { data, errors } = await ask(
      `{ ${patient(`a: records { ${onExchange('x: results(first: 1) { answer }')} } b: records { ${onExchange('x: problems(status: [ACTIVE]) { withheld }')} }`)} }`,
    )
    expect(errors).toEqual([])
    expect([data.patient.a[0], data.patient.b[0]]).toEqual([{ x: { answer: 'RECORDED' } }, { x: { withheld: false } }])
  })
})

describe("a client's own mistake in records is told as the client's, with the path of the alias, and no region is asked", () => {
  test.each<[string, string, string, Readonly<Record<string, unknown>>, boolean]>([
    ['FIRST_OUT_OF_RANGE', '', 'results(first: 0)', {}, true],
    ['FIRST_OUT_OF_RANGE', '($first: Int!)', 'documents(first: $first)', { first: 101 }, true],
    ['BAD_CURSOR', '', 'encounters(after: "xx")', {}, true],
    ['BAD_CURSOR', '($after: ID)', 'results(after: $after)', { after: '' }, true],
    ['BAD_USER_INPUT', '($code: ID = "373942005")', 'documents(filter: { types: [$code] })', { code: null }, true],
    ['BAD_USER_INPUT', '($all: Boolean! = true)', 'results(filter: { all: $all })', { all: null }, false],
    ['INVALID_DATE', '', 'procedures(since: "yesterday")', {}, false],
  ])('%s: %s %s', async (code, definitions, field, variables, isExecuted) => {
    const before = system.requests()
    for (let times = 0; times < 6; times++) {
      const { errors } = await ask(
        `query Q${definitions} { ${patient(`mine: records { ${onExchange(`x: ${field} { nodes { id } }`)} }`)} }`,
        variables,
      )
      expect(errors.map(({ extensions }) => extensions.code)).toEqual([code])
      // What is refused before anything is executed has no path.
      expect(errors[0]?.path).toEqual(isExecuted ? ['patient', 'mine'] : undefined)
    }
    expect(system.requests()).toEqual(before)
    expect((await ask(`{ ${patient('')} }`)).data.patient.completeness.regions).toEqual(answered)
  })
})

describe('null for the size of a page means the usual size', () => {
  test('in a published operation, by a variable', async () => {
    const query = publishedOperation('results-timeline')
    const variables = { nhsNumber, birthDate: null, access: null, after: null, filter: null }
    const [usual, withNull] = await Promise.all([ask(query, variables), ask(query, { ...variables, first: null })])
    expect(withNull.errors).toEqual([])
    expect(withNull.data.patient.results.nodes.length).toBeGreaterThan(0)
    expect(withNull.data.patient.results.nodes).toEqual(usual.data.patient.results.nodes)
  })

  test.each(['results', 'encounters', 'documents'])('as a literal, of %s, here and in records', async (field) => {
    const { data, errors } = await ask(
      `{ ${patient(`usual: ${field} { nodes { id } } withNull: ${field}(first: null) { nodes { id } } records { ${onExchange(`usual: ${field} { nodes { id } } withNull: ${field}(first: null) { nodes { id } }`)} }`)} }`,
    )
    expect(errors).toEqual([])
    expect(data.patient.withNull).toEqual(data.patient.usual)
    expect(data.patient.records[0].withNull).toEqual(data.patient.records[0].usual)
  })
})
