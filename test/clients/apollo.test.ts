import { readFileSync } from 'node:fs'
import {
  ApolloClient,
  CombinedGraphQLErrors,
  gql,
  HttpLink,
  InMemoryCache,
  type TypedDocumentNode,
} from '@apollo/client'
import { relayStylePagination } from '@apollo/client/utilities'
import { buildSchema, isInterfaceType, isObjectType } from 'graphql'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { connectTo, type GatewayConnection } from '../support/clients/gateway-connection.ts'
import {
  findExampleVariables,
  type PublishedOperation,
  publishedQueries,
  readPublishedOperation,
} from '../support/clients/published-queries.ts'
import { nhsNumberSystem, patient, toPatient, transaction } from '../support/publishing/bundle.ts'
import { type System, startSystem } from '../support/system.ts'
import { createApolloCache, createTypePolicies, findPossibleTypes } from './apollo-cache.ts'

const sdl = readFileSync(new URL('../../schema/composed.graphql', import.meta.url), 'utf8')
const schema = buildSchema(sdl)
const possibleTypes = findPossibleTypes(schema)

/** Epilepsy, which e-Xchange has retracted and LPRES still holds. */
const retracted = '9990000190'
/** 150 results in turn in both regions. */
const longRecord = '9990000425'

interface ItemAnswer {
  readonly id: string
  readonly sources: readonly { readonly region: string }[]
  readonly retractedElsewhere: { readonly region: string } | null
}
const item = 'id sources { region } retractedElsewhere { region }'
const problems: TypedDocumentNode<
  {
    readonly patient: {
      readonly problems: { readonly nodes: readonly (ItemAnswer & { readonly code: { readonly text: string } })[] }
    }
  },
  { readonly nhsNumber: string; readonly regions?: readonly string[] }
> = gql`query Problems($nhsNumber: NHSNumber!, $regions: [RegionCode!]) {
  patient(nhsNumber: $nhsNumber, regions: $regions) { nhsNumber problems { nodes { ${item} code { text } } } }
}`
const allergies: TypedDocumentNode<
  {
    readonly patient: {
      readonly allergies: {
        readonly nodes: readonly { readonly id: string; readonly substance: { readonly text: string } }[]
      }
    }
  },
  { readonly nhsNumber: string }
> =
  gql`query Allergies($nhsNumber: NHSNumber!) { patient(nhsNumber: $nhsNumber) { allergies { nodes { id substance { text } } } } }`

describe('Apollo Client 4 with its cache on', () => {
  let system: System
  let connection: GatewayConnection
  /** What Apollo says to a developer's console. */
  const warnings: string[] = []
  let examples: Readonly<Record<string, unknown>>
  beforeAll(async () => {
    system = await startSystem({ people: true })
    examples = await findExampleVariables(system)
  })
  afterAll(() => system[Symbol.asyncDispose]())
  beforeEach(async () => {
    connection = await connectTo(system)
    for (const level of ['warn', 'error'] as const)
      vi.spyOn(console, level).mockImplementation((text) => warnings.push(String(text)))
  })
  afterEach(() => {
    vi.restoreAllMocks()
    warnings.length = 0
  })
  const createClient = (cache: InMemoryCache) => {
    const { url, headers, fetch } = connection
    return new ApolloClient({ link: new HttpLink({ uri: url, headers, fetch }), cache })
  }

  test.each(publishedQueries)('%s comes out of the cache exactly as the gateway sent it', async (name) => {
    const client = createClient(createApolloCache(sdl))
    const { document, variables } = readPublishedOperation(name, examples)
    const first = await client.query({ query: document, variables })
    expect(first.error).toBeUndefined()
    expect(first.data).toEqual(connection.exchanges[0]?.data)
    const second = await client.query({ query: document, variables })
    expect(second.data).toEqual(first.data)
    expect(connection.exchanges).toHaveLength(1)
  })

  test('operations of one patient leave one another as they are', async () => {
    const client = createClient(createApolloCache(sdl))
    const results = readPublishedOperation('results-timeline', { ...examples, filter: { category: 'VITAL_SIGNS' } })
    const health = { document: gql`query Health { regions { code health { suspendedUntil } } }`, variables: {} }
    const asked = [...publishedQueries.map((name) => readPublishedOperation(name, examples)), results, health]
    for (const { document, variables } of asked) await client.query({ query: document, variables })
    for (const [index, { document, variables }] of asked.entries()) {
      expect(client.readQuery({ query: document, variables })).toEqual(connection.exchanges[index]?.data)
    }
    expect(warnings).toEqual([])
  })

  test('an answer of one region leaves the answer of both as it is', async () => {
    const client = createClient(createApolloCache(sdl))
    const both = { query: problems, variables: { nhsNumber: retracted } }
    const { data } = await client.query(both)
    expect(
      data?.patient.problems.nodes.map(({ code, retractedElsewhere }) => [code.text, retractedElsewhere?.region]),
    ).toContainEqual(['Epilepsy', 'CHESHIRE_MERSEYSIDE'])
    const alone = await client.query({
      query: problems,
      variables: { nhsNumber: retracted, regions: ['LANCASHIRE_SOUTH_CUMBRIA'] },
    })
    expect(
      alone.data?.patient.problems.nodes.map(({ code, retractedElsewhere }) => [code.text, retractedElsewhere]),
    ).toEqual([['Epilepsy', null]])
    expect(client.readQuery(both)).toEqual(data)
  })

  test('two patients whose publishers gave their items the same identifier keep their own', async () => {
    const [peanut, latex] = await publishSameIdentifier(system)
    const client = createClient(createApolloCache(sdl))
    const first = await client.query({ query: allergies, variables: { nhsNumber: peanut } })
    const second = await client.query({ query: allergies, variables: { nhsNumber: latex } })
    expect(first.data?.patient.allergies.nodes[0]?.id).toBe(second.data?.patient.allergies.nodes[0]?.id)
    expect(substances(client, peanut)).toEqual(['Peanut'])
    expect(substances(client, latex)).toEqual(['Latex'])
  })

  test('nothing of an answer is kept by id', () => {
    const cache = createApolloCache(sdl)
    const withId = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && 'id' in type.getFields())
    expect(withId.length).toBeGreaterThan(30)
    expect(
      withId.map(({ name }) => cache.identify({ __typename: name, id: 'one' })).filter((id) => id !== undefined),
    ).toEqual(['Viewer:one'])
  })

  test('the README names every interface whose types have an id', () => {
    const interfaces = Object.values(schema.getTypeMap()).filter(
      (type) => isInterfaceType(type) && 'id' in type.getFields(),
    )
    const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
    expect(
      interfaces.filter(({ name }) => !readme.includes(`${name}: { keyFields: false }`)).map(({ name }) => name),
    ).toEqual([])
  })

  test("fetchMore pages a patient's results to the end, every one once", async () => {
    const client = createClient(createApolloCache(sdl))
    const variables = { nhsNumber: longRecord, first: 40, filter: { all: true } }
    const query = readPublishedOperation('results-timeline', variables).document as TypedDocumentNode<
      TimelineAnswer,
      TimelineVariables
    >
    await client.query({ query, variables })
    const watched = client.watchQuery({ query, variables })
    const screen = Promise.withResolvers<readonly unknown[]>()
    const subscription = watched.subscribe(({ data }) => {
      const nodes = data?.patient?.results?.nodes ?? []
      if (nodes.length >= 150) screen.resolve(nodes.map((node) => node?.id))
    })
    const shown = () => client.readQuery({ query, variables })?.patient.results
    // A page that is asked for twice, as by an impatient hand, is there once.
    const after = shown()?.pageInfo.endCursor
    for (const _ of ['once', 'twice']) await watched.fetchMore({ variables: { after } })
    expect(shown()?.nodes).toHaveLength(80)
    while (shown()?.pageInfo.hasNextPage) await watched.fetchMore({ variables: { after: shown()?.pageInfo.endCursor } })
    const ids = await screen.promise
    expect(ids).toHaveLength(150)
    expect(new Set(ids).size).toBe(150)
    expect(connection.exchanges).toHaveLength(5)
    subscription.unsubscribe()
  })

  test.each([
    ["Apollo's own relayStylePagination", relayStylePagination(['filter'])],
    ['the policy for nodes', undefined],
  ])('edges page to the end with %s', async (_, results) => {
    const typePolicies = createTypePolicies(schema)
    const cache = new InMemoryCache({ possibleTypes, typePolicies })
    if (results) cache.policies.addTypePolicies({ Patient: { fields: { results } } })
    const client = createClient(cache)
    const query: TypedDocumentNode<TimelineAnswer, TimelineVariables> =
      gql`query Edges($nhsNumber: NHSNumber!, $first: Int, $after: String, $filter: ResultFilter) {
      patient(nhsNumber: $nhsNumber) { results(first: $first, after: $after, filter: $filter) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }
    }`
    const variables = { nhsNumber: longRecord, first: 100, filter: { all: true } }
    const watched = client.watchQuery({ query, variables })
    const subscription = watched.subscribe(() => {})
    const shown = () => client.readQuery({ query, variables })?.patient.results
    await client.query({ query, variables })
    while (shown()?.pageInfo.hasNextPage) await watched.fetchMore({ variables: { after: shown()?.pageInfo.endCursor } })
    expect(new Set(shown()?.edges?.map(({ node }) => node.id)).size).toBe(150)
    expect(shown()?.edges).toHaveLength(150)
    subscription.unsubscribe()
  })

  test('two screens of one patient ask once each', async () => {
    const client = createClient(createApolloCache(sdl))
    const screens = await Promise.all(
      ['patient-summary', 'results-timeline'].map((name) => openScreen(client, readPublishedOperation(name, examples))),
    )
    // A screen that had lost something to the other would ask for it again.
    for (const { asked } of screens) expect(client.readQuery(asked)).not.toBeNull()
    expect(connection.exchanges).toHaveLength(2)
    for (const { close } of screens) close()
  })

  test('a mistake in a variable is told by its code', async () => {
    const client = createClient(createApolloCache(sdl))
    const error = await client
      .query({ query: problems, variables: { nhsNumber: '9990000019' } })
      .catch((thrown: unknown) => thrown)
    expect(CombinedGraphQLErrors.is(error) && error.errors[0]?.extensions?.code).toBe('INVALID_NHS_NUMBER')
  })

  describe('without the policies', () => {
    test('a patient is not kept by id, as it has none', async () => {
      const client = createClient(new InMemoryCache())
      await client.query({ query: problems, variables: { nhsNumber: retracted } })
      const kept = Object.keys(client.cache.extract() as object)
      expect(kept.filter((key) => key.startsWith('Patient'))).toEqual([])
      expect(kept.some((key) => key.startsWith('Problem:'))).toBe(true)
    })

    test('an answer of one region takes the warning of a retraction out of the answer of both', async () => {
      const client = createClient(new InMemoryCache({ possibleTypes }))
      const both = { query: problems, variables: { nhsNumber: retracted } }
      await client.query(both)
      await client.query({
        query: problems,
        variables: { nhsNumber: retracted, regions: ['LANCASHIRE_SOUTH_CUMBRIA'] },
      })
      expect(
        client
          .readQuery(both)
          ?.patient.problems.nodes.map(({ code, retractedElsewhere }) => [code.text, retractedElsewhere]),
      ).toContainEqual(['Epilepsy', null])
    })

    test("one patient's item is shown as another's where both have the same id", async () => {
      const [peanut, latex] = await publishSameIdentifier(system)
      const client = createClient(new InMemoryCache({ possibleTypes }))
      for (const nhsNumber of [peanut, latex]) await client.query({ query: allergies, variables: { nhsNumber } })
      expect(substances(client, peanut)).toEqual(['Latex'])
    })

    test('a patient kept by NHS number is half a record as soon as one region alone was asked', async () => {
      const client = createClient(
        new InMemoryCache({ possibleTypes, typePolicies: { Patient: { keyFields: ['nhsNumber'] } } }),
      )
      const both = { query: problems, variables: { nhsNumber: retracted } }
      const { data } = await client.query(both)
      await client.query({
        query: problems,
        variables: { nhsNumber: retracted, regions: ['LANCASHIRE_SOUTH_CUMBRIA'] },
      })
      expect(data?.patient.problems.nodes).toHaveLength(2)
      expect(client.readQuery(both)?.patient.problems.nodes).toHaveLength(1)
    })

    test('fragments on interfaces are dropped without a word where possibleTypes is not given', async () => {
      const client = createClient(new InMemoryCache())
      const { document, variables } = readPublishedOperation('patient-summary', examples)
      const { data, error } = await client.query({ query: document, variables })
      expect(error).toBeUndefined()
      const { problems: shown } = (
        data as { readonly patient: { readonly problems: { readonly nodes: readonly object[] } } }
      ).patient
      expect(shown).not.toHaveProperty('complete')
      expect(shown.nodes[0]).toHaveProperty('code')
      expect(shown.nodes[0]).not.toHaveProperty('sources')
    })

    test('two screens of one patient take the answer from each other and ask again without end', async () => {
      const client = createClient(new InMemoryCache({ possibleTypes, typePolicies: { Patient: { keyFields: false } } }))
      const screens = await Promise.all(
        ['patient-summary', 'results-timeline'].map((name) =>
          openScreen(client, readPublishedOperation(name, examples)),
        ),
      )
      await connection.reaches(20)
      for (const { close } of screens) close()
    })
  })
})

interface TimelineAnswer {
  readonly patient: {
    readonly results: {
      readonly nodes?: readonly { readonly id: string }[]
      readonly edges?: readonly { readonly node: { readonly id: string } }[]
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
    }
  }
}
interface TimelineVariables {
  readonly nhsNumber: string
  readonly first?: number
  readonly after?: string | null
  readonly filter?: { readonly all: boolean }
}

/**
 * A part of a viewer that shows one operation's answer and follows the cache; resolves when it first shows one whole.
 */
function openScreen(client: ApolloClient, { document, variables }: PublishedOperation) {
  const asked = { query: document, variables }
  return new Promise<{ readonly asked: typeof asked; close(): void }>((resolve) => {
    const subscription = client.watchQuery(asked).subscribe(({ dataState }) => {
      if (dataState === 'complete') resolve({ asked, close: () => subscription.unsubscribe() })
    })
  })
}

function substances(client: ApolloClient, nhsNumber: string): readonly string[] | undefined {
  return client
    .readQuery({ query: allergies, variables: { nhsNumber } })
    ?.patient.allergies.nodes.map(({ substance }) => substance.text)
}

/** Two patients' allergies under one identifier, each in another region: no store can refuse it. Their NHS numbers. */
async function publishSameIdentifier(system: System): Promise<readonly [peanut: string, latex: string]> {
  const allergy = (nhsNumber: string, text: string) =>
    transaction(
      { ...patient, identifier: [{ system: nhsNumberSystem, value: nhsNumber }] },
      {
        resourceType: 'AllergyIntolerance',
        patient: toPatient,
        identifier: [{ system: 'https://clients.share2care.example/Id', value: 'same' }],
        code: { text },
      },
    )
  const answers = await Promise.all([
    system.publish('cheshire-merseyside', allergy('9990000905', 'Peanut')),
    system.publish('lancashire-south-cumbria', allergy('9990000913', 'Latex')),
  ])
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  return ['9990000905', '9990000913']
}
