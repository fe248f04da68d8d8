import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadPublishedOperations } from '../../schema/published-operations.ts'
import { type System, startSystem } from '../support/system.ts'

let system: System
beforeAll(async () => {
  system = await startSystem({ people: true, graphiql: true })
})
afterAll(() => system[Symbol.asyncDispose]())

async function post(url: string, body: object, headers: Record<string, string> = {}) {
  const authorization = `Bearer ${await system.token()}`
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization, ...headers },
    body: JSON.stringify(body),
  })
  return { status: response.status, ...(await response.json()) }
}

const summary = loadPublishedOperations().find(({ file }) => file === 'patient-summary.graphql')
const variables = { nhsNumber: '9990000018', access: { relationship: 'ATTENDING' } }

describe('X-Plan: show', () => {
  const query =
    'query ($nhsNumber: NHSNumber!) { patient(nhsNumber: $nhsNumber) { allergies { nodes { substance { text } } } } }'

  test('shows what each region is asked, only for what is shown, and no value', async () => {
    const { data, extensions } = await post(
      system.url,
      { query, variables: { nhsNumber: '9990000018' } },
      { 'x-plan': 'show' },
    )
    expect(data.patient.allergies.nodes).toHaveLength(2)
    expect(extensions.plan.regions.map(({ region }: { region: string }) => region)).toEqual([
      'CHESHIRE_MERSEYSIDE',
      'LANCASHIRE_SOUTH_CUMBRIA',
    ])
    for (const { query: text } of extensions.plan.regions) {
      expect(text).toContain('substance { text }')
      expect(text).not.toContain('reactions')
      expect(text).not.toContain('9990000018')
    }
  })

  test('is not for a gateway that is not for development', async () => {
    const url = await system.another({ showsPlans: false })
    expect(
      (await post(url, { query, variables: { nhsNumber: '9990000018' } }, { 'x-plan': 'show' })).extensions,
    ).toBeUndefined()
  })
})

describe('published operations', () => {
  test('are answered by their id, as by their text', async () => {
    const [byId, byText] = await Promise.all([
      post(system.url, { documentId: summary?.id, variables }),
      post(system.url, { query: summary?.text, variables }),
    ])
    expect(byId.errors).toBeUndefined()
    expect(byId.data.patient.demographics).toEqual(byText.data.patient.demographics)
    expect(byId.data.patient.allergies).toEqual(byText.data.patient.allergies)
  })

  test('an unknown id is told plainly', async () => {
    const answer = await post(system.url, { documentId: 'sha256:00', variables })
    expect([answer.status, answer.errors[0].extensions.code]).toEqual([400, 'DOCUMENT_NOT_FOUND'])
  })

  test('may be all that is answered', async () => {
    const url = await system.another({ trustedDocumentsMode: 'only' })
    expect((await post(url, { documentId: summary?.id, variables })).data.patient.presence ?? 'FOUND').toBe('FOUND')
    expect((await post(url, { query: summary?.text, variables })).errors).toBeUndefined()
    const stranger = await post(url, { query: '{ patient(nhsNumber: "9990000018") { presence } }' })
    expect([stranger.status, stranger.data ?? null, stranger.errors[0].extensions.code]).toEqual([
      400,
      null,
      'OPERATION_NOT_PUBLISHED',
    ])
  })

  test('strangers may be named in the log first, without what they ask', async () => {
    const logged: unknown[][] = []
    const url = await system.another({ trustedDocumentsMode: 'log', log: (...entry) => logged.push(entry) })
    expect(
      (await post(url, { query: 'query Mine { patient(nhsNumber: "9990000018") { presence } }' })).data.patient,
    ).toEqual({ presence: 'FOUND' })
    expect(logged).toEqual([['An operation that is not published', expect.stringMatching(/^Mine, \d+ characters$/)]])
  })
})
