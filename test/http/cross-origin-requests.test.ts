import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { executionPaths, expectNoRegionQueried, sendOperation } from '../support/limits/send-operation.ts'
import { type System, startSystem } from '../support/system.ts'

const viewer = 'https://viewer.nhs.example'
const stranger = 'https://evil.example'
const query = '{ viewer { id } }'

describe('a page of another site', () => {
  let system: System
  let token: string
  let url: string
  beforeAll(async () => {
    system = await startSystem()
    token = await system.token()
    url = await system.another({ corsOrigins: [viewer], publicUrl: 'https://gateway.nhs.example/' })
  })
  afterAll(() => system[Symbol.asyncDispose]())

  const preflight = (to: string, origin: string) =>
    fetch(`${to}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    })
  const corsHeaders = ({ headers }: { readonly headers: Headers }) =>
    [...headers.keys()].filter((name) => name.startsWith('access-control-'))

  test.each([stranger, 'null', `${viewer}.evil.example`, viewer.replace('https', 'http')])(
    'a page from an origin that is not listed (%s) passes no preflight, and its requests are refused',
    async (origin) => {
      const asked = await preflight(url, origin)
      expect([asked.status, corsHeaders(asked)]).toEqual([403, []])
      expect((await asked.json()).errors[0].extensions.code).toBe('ORIGIN_NOT_ALLOWED')
      for (const [, way] of executionPaths) {
        const outcome = await sendOperation(
          url,
          { query: '{ patient(nhsNumber: "9990000018") { presence } }' },
          { token, mediaType: way, headers: { origin } },
        )
        expect([outcome.status, outcome.codes, corsHeaders(outcome)]).toEqual([403, ['ORIGIN_NOT_ALLOWED'], []])
        expect(outcome.text).not.toContain(origin)
      }
      expectNoRegionQueried(system)
    },
  )

  test('a page from a listed origin may send requests, with a token and without cookies', async () => {
    const asked = await preflight(url, viewer)
    expect([
      asked.status,
      asked.headers.get('access-control-allow-origin'),
      asked.headers.get('access-control-allow-credentials'),
    ]).toEqual([204, viewer, null])
    expect(asked.headers.get('access-control-allow-headers')).toContain('authorization, content-type')
    for (const [, way] of executionPaths) {
      const { status, headers } = await sendOperation(
        url,
        { query },
        { token, mediaType: way, headers: { origin: viewer } },
      )
      expect([status, headers.get('access-control-allow-origin'), headers.get('vary')]).toEqual([200, viewer, 'origin'])
      expect(headers.get('access-control-expose-headers')).toBe('retry-after, content-range, etag, server-timing')
      expect(headers.get('timing-allow-origin')).toBe(viewer)
    }
    // Its page can read why it is refused.
    const refused = await sendOperation(url, { query }, { token: 'none', headers: { origin: viewer } })
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, viewer])
  })

  test('a page from a listed origin does not learn of paths that do not exist', async () => {
    const { status } = await fetch(`${url}/graphql/`, {
      method: 'OPTIONS',
      headers: { origin: viewer, 'access-control-request-method': 'POST' },
    })
    expect(status).toBe(404)
  })

  test("the gateway's own page may send requests, by the address that served it or by the public one", async () => {
    for (const origin of [url, 'https://gateway.nhs.example'])
      expect((await sendOperation(url, { query }, { token, headers: { origin } })).status).toBe(200)
  })

  test('every other origin is refused while none is listed', async () => {
    expect((await preflight(system.url, viewer)).status).toBe(403)
    expect((await sendOperation(system.url, { query }, { token, headers: { origin: viewer } })).status).toBe(403)
  })

  test('a client that sends no origin, such as a server or a command line, is admitted', async () => {
    expect((await sendOperation(system.url, { query }, { token })).status).toBe(200)
  })
})
