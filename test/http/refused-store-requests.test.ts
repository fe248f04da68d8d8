import { request as openRequest } from 'node:http'
import { describe, expect, it } from 'vitest'
import { assertionHeader } from '../../schema/assertion.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { item, numberOf, patient, publication } from '../support/store/publications.ts'
import { createTestService, noon, type TestService } from '../support/store/test-service.ts'

const view = 'query ($n: [NHSNumber!]!) { exchangeView(nhsNumbers: $n) { sequence patients { nhsNumber } } }'

async function post(service: TestService, headers: Record<string, string>, body: string): Promise<Response> {
  return service.service.fetch(
    new Request('http://store/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    }),
  )
}

describe('a caller', () => {
  it.each<[string, (good: Record<string, string>, other: Record<string, string>) => Record<string, string>]>([
    ['no token', ({ authorization: _, ...rest }) => rest],
    ['no assertion', ({ authorization = '' }) => ({ authorization })],
    ['a token of another issuer', (good) => ({ ...good, authorization: `${good.authorization}x` })],
    ['an assertion for another token', (good, other) => ({ ...good, [assertionHeader]: other[assertionHeader] ?? '' })],
    ['a token in another scheme', (good) => ({ ...good, authorization: `Basic ${good.authorization?.slice(7)}` })],
  ])('a store does not authenticate a caller with %s', async (_, spoil) => {
    await using service = await createTestService()
    const headers = spoil(await service.headers(), await service.headers({ role: 'R8000' }))
    const response = await post(service, headers, JSON.stringify({ query: '{ __typename }' }))
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await response.json()).toEqual({
      errors: [{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED', reason: expect.any(String) } }],
    })
  })

  it('a store does not authenticate a caller with an assertion for the other region', async () => {
    await using ours = await createTestService()
    await using theirs = await createTestService({ region: 'lancashire-south-cumbria' })
    expect((await post(ours, await theirs.headers(), '{}')).status).toBe(401)
  })

  it('a store does not authenticate a caller with an expired token and assertion', async () => {
    let nowMs = noon
    await using service = await createTestService({ now: () => nowMs })
    const headers = await service.headers()
    nowMs += 90_000
    expect((await post(service, headers, '{}')).status).toBe(401)
  })

  it('a store answers 503 while the keys cannot be reached, and logs the cause', async () => {
    await using service = await createTestService({
      verifyToken: async () => {
        throw new TypeError('fetch failed')
      },
    })
    const response = await post(service, await service.headers(), '{}')
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain('fetch failed')
    expect(service.logged).toHaveLength(1)
  })
})

describe('a request', () => {
  const bad: readonly [string, string, string, Record<string, unknown>][] = [
    ['an invalid number', 'INVALID_NHS_NUMBER', view, { n: ['9990000019'] }],
    ['51 numbers', 'TOO_MANY_PATIENTS', view, { n: Array.from({ length: 51 }, (_, n) => numberOf(n)) }],
    ['a missing variable', 'BAD_USER_INPUT', view, {}],
    [
      'a variable of another type',
      'BAD_USER_INPUT',
      'query ($f: ResultFilter) { exchangeView(nhsNumbers: []) { patients { record { results(filter: $f) { answer } } } } }',
      { f: 'Smith' },
    ],
    ['an unknown field', 'GRAPHQL_VALIDATION_FAILED', '{ exchangeVeiw }', {}],
    ['no GraphQL', 'GRAPHQL_PARSE_FAILED', '{ exchangeView(nhsNumbers: ["9990000018)', {}],
    [
      'a bad literal date',
      'INVALID_DATE',
      '{ exchangeView(nhsNumbers: []) { patients { record { procedures(since: "Smith") { answer } } } } }',
      {},
    ],
  ]

  it.each(bad)(
    'a store answers a request with %s with %s, and repeats nothing of it',
    async (_, code, query, variables) => {
      await using service = await createTestService()
      const { errors, text } = await service.ask(query, variables)
      expect(errors?.map((error) => error.extensions.code)).toContain(code)
      expect(text).not.toMatch(/99900000|Smith/)
      expect(text).not.toContain('http')
      expect(service.logged).toEqual([])
    },
  )

  it.each([
    ['first: 0', 'FIRST_OUT_OF_RANGE'],
    ['first: 101', 'FIRST_OUT_OF_RANGE'],
    ['after: "Smith"', 'BAD_CURSOR'],
  ])('a store answers a request for a page with %s with %s and the path', async (argument, code) => {
    await using service = await createTestService()
    await service.publish(publication({ patients: [patient(0)] }))
    const { errors, text, status } = await service.ask(
      `{ exchangeView(nhsNumbers: ["${numberOf(0)}"]) { patients { record { results(${argument}) { answer } } } } }`,
    )
    expect({ status, errors }).toMatchObject({
      status: 200,
      errors: [{ path: ['exchangeView', 'patients', 0, 'record', 'results'], extensions: { code } }],
    })
    expect(text).not.toContain('Smith')
  })

  it('a store answers INTERNAL when a resolver breaks, and logs the cause without variables', async () => {
    const store = createSqliteRecordStore({ region: 'CHESHIRE_MERSEYSIDE', file: ':memory:' })
    const broken = {
      ...store,
      findPatients: async () => {
        throw new Error('disk on fire')
      },
    }
    await using service = await createTestService({ store: broken })
    const { errors, text } = await service.ask(view, { n: [numberOf(0)] })
    expect(errors).toMatchObject([{ path: ['exchangeView'], extensions: { code: 'INTERNAL' } }])
    expect(text).not.toContain('disk')
    const [[message, cause] = []] = service.logged as [string, Error][]
    expect(`${message} ${cause?.stack}`).toContain('disk on fire')
    expect(`${message} ${cause?.stack}`).not.toContain(numberOf(0))
  })

  it('a store refuses GET, because logs contain URLs', async () => {
    await using service = await createTestService()
    const url = `http://store/graphql?query=${encodeURIComponent('{ __typename }')}`
    const response = await service.service.fetch(new Request(url, { headers: await service.headers() }))
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    expect(await response.text()).toContain('METHOD_NOT_ALLOWED')
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
  ])('a store refuses a body of type %s', async (type) => {
    await using service = await createTestService()
    const response = await post(service, { ...(await service.headers()), 'content-type': type }, 'query={__typename}')
    expect(response.status).toBe(415)
  })

  it('a store refuses a body that is a batch or not JSON, and does not repeat it', async () => {
    await using service = await createTestService()
    const headers = await service.headers()
    const notJson = await post(service, headers, '{"query": Smith 9990000018')
    expect(notJson.status).toBe(400)
    expect(await notJson.text()).not.toMatch(/Smith|9990000018/)
    const batch = await post(service, headers, '[{"query": "{ __typename }"}]')
    expect(batch.status).toBe(400)
    const unexpected = await post(service, headers, '{"query": "{ __typename }", "Smith": 1}')
    expect(unexpected.status).toBe(400)
    expect(await unexpected.text()).not.toContain('Smith')
  })

  it('a store refuses a body over a megabyte', async () => {
    await using service = await createTestService()
    const response = await post(
      service,
      await service.headers(),
      JSON.stringify({ query: '{ __typename }', extensions: { padding: 'x'.repeat(1_000_000) } }),
    )
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }] })
  })

  it.each([
    ['a stated length', true],
    ['no stated length', false],
  ])('a store refuses a body of 100 MB with %s long before its end', async (_, isStated) => {
    await using service = await createTestService()
    await using listening = await service.service.listen({ port: 0 })
    const megabyte = Buffer.alloc(1_000_000, ' ')
    const headers = {
      'content-type': 'application/json',
      ...(await service.headers()),
      ...(isStated ? { 'content-length': '100000000' } : {}),
    }
    let sent = 0
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = openRequest(`${listening.url}/graphql`, { method: 'POST', headers }, (response) => {
        resolve(response.statusCode)
        response.resume()
        request.destroy()
      })
      request.on('error', reject)
      const send = () => {
        if (sent >= 100 || request.destroyed) return
        sent++
        request.write(megabyte, send)
      }
      send()
    })
    expect(status).toBe(413)
    expect(sent).toBeLessThan(50)
  })
})

describe('the other paths', () => {
  it('a store says whether its process lives and whether it can answer', async () => {
    const store = createSqliteRecordStore({ region: 'CHESHIRE_MERSEYSIDE', file: ':memory:' })
    await using service = await createTestService({ store: { ...store, close: () => undefined } })
    const get = async (path: string) => {
      const response = await service.service.fetch(new Request(`http://store${path}`))
      return [response.status, await response.json()]
    }
    expect(await get('/livez')).toEqual([200, { status: 'ok' }])
    expect(await get('/readyz')).toEqual([200, { status: 'ok' }])
    store.close()
    expect(await get('/readyz')).toEqual([503, { status: 'unavailable' }])
    expect(await get('/livez')).toEqual([200, { status: 'ok' }])
  })

  it('a store hands POST /fhir to its publisher', async () => {
    await using service = await createTestService({
      publish: async (request) => Response.json({ body: await request.text() }, { status: 201 }),
    })
    const response = await service.service.fetch(new Request('http://store/fhir', { method: 'POST', body: 'a Bundle' }))
    expect([response.status, await response.json()]).toEqual([201, { body: 'a Bundle' }])
    expect((await service.service.fetch(new Request('http://store/fhir'))).status).toBe(405)
    await using without = await createTestService()
    expect(
      (await without.service.fetch(new Request('http://store/fhir', { method: 'POST', body: 'a Bundle' }))).status,
    ).toBe(404)
  })

  it('a store answers over HTTP, and ends what is in flight when it closes', async () => {
    const arrived = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    await using service = await createTestService({
      publish: async () => {
        arrived.resolve()
        await released.promise
        return new Response('done')
      },
    })
    await service.publish(publication({ items: [item('alerts', 'a')] }))
    const listening = await service.service.listen({ port: 0 })
    const answer = fetch(`${listening.url}/fhir`, { method: 'POST', body: '{}' })
    await arrived.promise
    const closed = listening.close()
    released.resolve()
    expect(await (await answer).text()).toBe('done')
    await closed
    await expect(fetch(`${listening.url}/livez`)).rejects.toThrow()
  })
})
