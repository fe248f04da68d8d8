import { Client, cacheExchange, fetchExchange, gql, type OperationResult, type TypedDocumentNode } from '@urql/core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connectTo, type GatewayConnection } from '../support/clients/gateway-connection.ts'
import { findExampleVariables, publishedQueries, readPublishedOperation } from '../support/clients/published-queries.ts'
import { type System, startSystem } from '../support/system.ts'

/** 60 encounters in turn in both regions. */
const longRecord = '9990000425'

describe('urql with its cache on', () => {
  let system: System
  let connection: GatewayConnection
  let client: Client
  let examples: Readonly<Record<string, unknown>>
  beforeAll(async () => {
    system = await startSystem({ people: true })
    examples = await findExampleVariables(system)
  })
  afterAll(() => system[Symbol.asyncDispose]())
  beforeEach(async () => {
    connection = await connectTo(system)
    client = createClient({ preferGetMethod: false })
  })
  const createClient = (options: { readonly preferGetMethod?: false }) => {
    const { url, headers, fetch } = connection
    return new Client({ url, fetch, fetchOptions: { headers }, exchanges: [cacheExchange, fetchExchange], ...options })
  }

  test.each(publishedQueries)('%s comes out of the cache exactly as the gateway sent it', async (name) => {
    const { document, variables } = readPublishedOperation(name, examples)
    const first = await client.query(document, variables)
    expect(first.error).toBeUndefined()
    expect(first.data).toEqual(connection.exchanges[0]?.data)
    const second = await client.query(document, variables)
    expect(second.operation.context.meta?.cacheOutcome).toBe('hit')
    expect(second.data).toEqual(first.data)
    expect(connection.exchanges).toHaveLength(1)
  })

  test("a patient's encounters page to the end, every one once", async () => {
    const asked = { nhsNumber: longRecord, first: 25, filter: { all: true } }
    const query = readPublishedOperation('encounters-timeline', asked).document as TypedDocumentNode<EncountersAnswer>
    const ids: string[] = []
    let after: string | null = null
    do {
      const { data }: OperationResult<EncountersAnswer> = await client.query(query, { ...asked, after })
      if (!data) throw new Error('Expected a page')
      const { nodes, pageInfo }: EncountersAnswer['patient']['encounters'] = data.patient.encounters
      ids.push(...nodes.map(({ id }) => id))
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null
    } while (after !== null)
    expect(ids).toHaveLength(60)
    expect(new Set(ids).size).toBe(60)
    expect(connection.exchanges).toHaveLength(3)
  })

  test('an answer of one region leaves the answer of both as it is', async () => {
    const query = gql`query Problems($regions: [RegionCode!]) { patient(nhsNumber: "9990000190", regions: $regions) { problems { nodes { id retractedElsewhere { region } } } } }`
    const { data } = await client.query(query, {})
    const alone = await client.query(query, { regions: ['LANCASHIRE_SOUTH_CUMBRIA'] })
    expect(alone.data.patient.problems.nodes).toMatchObject([{ retractedElsewhere: null }])
    const again = await client.query(query, {})
    expect(again.operation.context.meta?.cacheOutcome).toBe('hit')
    expect(again.data).toEqual(data)
    expect(data.patient.problems.nodes).toContainEqual(
      expect.objectContaining({ retractedElsewhere: expect.objectContaining({ region: 'CHESHIRE_MERSEYSIDE' }) }),
    )
  })

  test('a mistake in a variable is told by its code', async () => {
    const { error } = await client.query(
      'query Mistyped($nhsNumber: NHSNumber!) { patient(nhsNumber: $nhsNumber) { presence } }',
      { nhsNumber: '9990000019' },
    )
    expect(error?.graphQLErrors.map(({ extensions }) => extensions.code)).toEqual(['INVALID_NHS_NUMBER'])
  })

  test('without preferGetMethod: false a short query goes out in the URL, NHS number and all, and is refused', async () => {
    const { data, error } = await createClient({}).query(
      'query Short($nhsNumber: NHSNumber!) { patient(nhsNumber: $nhsNumber) { presence } }',
      { nhsNumber: longRecord },
    )
    expect(connection.exchanges.map(({ method, url }) => [method, url.includes(longRecord)])).toEqual([['GET', true]])
    expect([data, error?.graphQLErrors.map(({ extensions }) => extensions.code)]).toEqual([
      undefined,
      ['METHOD_NOT_ALLOWED'],
    ])
  })
})

interface EncountersAnswer {
  readonly patient: {
    readonly encounters: {
      readonly nodes: readonly { readonly id: string }[]
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
    }
  }
}
