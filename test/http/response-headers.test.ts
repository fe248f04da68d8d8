import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type System, startSystem } from '../support/system.ts'

// Content of documents: documents.test.ts.
describe('response headers', () => {
  let system: System
  let token: string
  let url: string
  beforeAll(async () => {
    system = await startSystem({ graphiql: true })
    token = await system.token()
    url = await system.another({
      publicUrl: 'https://gateway.nhs.example',
      corsOrigins: ['https://viewer.nhs.example'],
    })
  })
  afterAll(() => system[Symbol.asyncDispose]())

  const post = (body: string, headers: Readonly<Record<string, string>> = {}) => ({
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
  })
  const query = JSON.stringify({ query: '{ patient(nhsNumber: "9990000018") { presence } }' })
  const json = "default-src 'none'; frame-ancestors 'none'"

  const responses: Readonly<Record<string, readonly [path: string, init: () => RequestInit, status: number]>> = {
    'a record': ['/graphql', () => post(query), 200],
    'a record, by yoga': ['/graphql', () => post(query, { 'content-type': 'application/json; charset=utf-8' }), 200],
    'a refused operation': [
      '/graphql',
      () => post('{"query":"{ nonsense }"}', { accept: 'application/graphql-response+json' }),
      400,
    ],
    'no token': ['/graphql', () => post(query, { authorization: 'none' }), 401],
    'too large a body': ['/graphql', () => post(query.padEnd(200_000)), 413],
    'a stranger': ['/graphql', () => post(query, { origin: 'https://evil.example' }), 403],
    'a preflight': ['/graphql', () => ({ method: 'OPTIONS', headers: { origin: 'https://viewer.nhs.example' } }), 204],
    'no such content': ['/documents/none', () => ({ headers: { authorization: `Bearer ${token}` } }), 404],
    'no such path': ['/none', () => ({}), 404],
    health: ['/livez', () => ({}), 200],
  }

  test.each(Object.entries(responses))(
    "a response's headers keep a browser from interpreting it as anything else: %s",
    async (_, [path, init, status]) => {
      const { status: found, headers } = await read(fetch(`${url}${path}`, init()))
      expect(found).toBe(status)
      expect(Object.fromEntries(headers)).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': json,
        'referrer-policy': 'no-referrer',
        'strict-transport-security': 'max-age=31536000',
        'x-content-type-options': 'nosniff',
      })
    },
  )

  test('GraphiQL may run its own scripts and query this gateway, nothing else, and stands in no frame', async () => {
    const { headers } = await read(fetch(`${system.url}/graphql`, { headers: { accept: 'text/html' } }))
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/default-src 'none'.*connect-src 'self'.*frame-ancestors 'none'/)
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/)
    // Reached by plain HTTP here, where browsers are to stay with nothing.
    expect([
      headers.get('x-content-type-options'),
      headers.get('cache-control'),
      headers.get('strict-transport-security'),
    ]).toEqual(['nosniff', 'no-store', null])
  })
})

/** The response, read to its end: until then its connection is not free, and the gateway not closed. */
async function read(asked: Promise<Response>): Promise<Response> {
  const response = await asked
  await response.arrayBuffer()
  return response
}
