import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { printRequestHead, sendBytes, toErrorCode } from '../support/http/raw-response.ts'
import { type RoutedService, startThreeServices, type ThreeServices } from '../support/http/three-services.ts'
import { createTestService } from '../support/store/test-service.ts'
import { startSystem } from '../support/system.ts'

const serviceNames = ['gateway', 'cheshire-merseyside', 'lancashire-south-cumbria'] as const
/** What a stack, a path of a module or an engine's own message looks like. */
const internals = /node_modules|node:|file:|\.[jt]s\b|^\s*at |\bError\b|Invalid URL|undefined/m

let opened: ThreeServices
beforeAll(async () => {
  opened = await startThreeServices()
})
afterAll(() => opened[Symbol.asyncDispose]())

describe.each(serviceNames)('a malformed request to %s', (name) => {
  let service: RoutedService
  beforeAll(() => {
    service = opened.services.find((one) => one.name === name) ?? expect.fail(`no ${name}`)
  })

  test.each([
    '][',
    '',
    '[',
    '[::1',
    '[]',
    '::1',
    'a b',
    'a/b',
    'a?b',
    'a#b',
    'user@host',
    'user:pass@host',
    'a\\b',
    'host:port',
    'host:99999',
    'host:-1',
    '999.999.999.999',
    '1.2.3.4.5',
    'a,b',
    '%41',
    '%',
    'ho\tst',
    '<script>',
    'h\u00f6st',
    'a:1:2',
  ])('a request with the Host %j gets 400, on every kind of path', async (host) => {
    for (const target of ['/livez', '/graphql', '/graphql?query={a}', '/metrics', '/nothing']) {
      const { status, body } = await sendBytes(service.url, printRequestHead('GET', target, { host }))
      expect([target, status, toErrorCode(body)]).toEqual([target, 400, 'BAD_REQUEST'])
      expect(body).not.toMatch(internals)
    }
  })

  test.each([
    ['two Hosts', 'GET /livez HTTP/1.1\r\nhost: a\r\nhost: b\r\n'],
    ['the same Host twice, in different case', 'GET /livez HTTP/1.1\r\nHost: a\r\nHOST: a\r\n'],
    ['no Host', 'GET /livez HTTP/1.1\r\n'],
    ['an asterisk', 'GET * HTTP/1.1\r\nhost: a\r\n'],
    ['an authority', 'GET a:80 HTTP/1.1\r\nhost: a\r\n'],
    ['CONNECT', 'CONNECT a:80 HTTP/1.1\r\nhost: a\r\n'],
    ['CONNECT to a path', 'CONNECT /graphql HTTP/1.1\r\nhost: a\r\n'],
    ['another scheme', 'GET ftp://a/livez HTTP/1.1\r\nhost: a\r\n'],
    ['a scheme without an authority', 'GET http:///livez HTTP/1.1\r\nhost: a\r\n'],
    ['a scheme and nothing else', 'GET http:// HTTP/1.1\r\nhost: a\r\n'],
    ['a scheme with one slash', 'GET http:/livez HTTP/1.1\r\nhost: a\r\n'],
    ['a user in the target', 'GET http://user:pass@a/livez HTTP/1.1\r\nhost: a\r\n'],
    ['a target of nonsense', 'GET http://][/livez HTTP/1.1\r\nhost: a\r\n'],
    ['a good target and a Host of nonsense', 'GET http://a/livez HTTP/1.1\r\nhost: ][\r\n'],
    ['no target', 'GET  HTTP/1.1\r\nhost: a\r\n'],
    ['a target with a null byte', 'GET /livez\0 HTTP/1.1\r\nhost: a\r\n'],
    ['a target with an escape', 'GET /\x1b[31mlivez HTTP/1.1\r\nhost: a\r\n'],
    ['a header without a name', 'GET /livez HTTP/1.1\r\nhost: a\r\n: x\r\n'],
    ['another version', 'GET /livez HTTP/9.9\r\nhost: a\r\n'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n'],
    ['bytes that are not HTTP', 'hello\r\n'],
  ])('a request with %s gets 400', async (_, head) => {
    const answer = await sendBytes(service.url, `${head}\r\n`)
    expect(answer.status).toBe(400)
    expect(answer.body).not.toMatch(internals)
  })

  test('a request with a target of 20 kB is refused, in whichever form', async () => {
    for (const target of [
      `/${'a'.repeat(20_000)}`,
      `/graphql?${'a'.repeat(20_000)}`,
      `http://a/${'a'.repeat(20_000)}`,
    ]) {
      const { status, body } = await sendBytes(service.url, printRequestHead('GET', target, {}))
      expect([status, toErrorCode(body)]).toEqual([431, 'HEADERS_TOO_LARGE'])
    }
  })

  test('a malformed request leaves nothing in the log', () => {
    expect(service.logged).toEqual([])
  })
})

describe.each(serviceNames)('a request in another form of RFC 9112 to %s', (name) => {
  let service: RoutedService
  beforeAll(() => {
    service = opened.services.find((one) => one.name === name) ?? expect.fail(`no ${name}`)
  })

  test.each([
    ['in absolute form', printRequestHead('GET', 'http://a.test/livez', {}), 200],
    [
      'in absolute form, whatever its Host says',
      printRequestHead('GET', 'http://a.test:80/livez?x', { host: 'b.test' }),
      200,
    ],
    ['in absolute form, with an empty Host', printRequestHead('GET', 'http://a.test/livez', { host: '' }), 200],
    ['in absolute form of https, in upper case', printRequestHead('GET', 'HTTPS://A.TEST/livez', {}), 200],
    [
      'in absolute form to an IPv6 address',
      printRequestHead('GET', 'http://[::1]:4000/livez', { host: '[::1]:4000' }),
      200,
    ],
    ['in absolute form without a path', printRequestHead('GET', 'http://a.test', {}), 404],
    ['in absolute form with a query in place of a path', printRequestHead('GET', 'http://a.test?/livez', {}), 404],
    ['about the server as a whole', printRequestHead('OPTIONS', '*', {}), 404],
    ['in HTTP/1.0, without a Host', 'GET /livez HTTP/1.0\r\n\r\n', 200],
    ['with an empty port', printRequestHead('GET', '/livez', { host: 'a.test:' }), 200],
    ['with an underscore in its Host', printRequestHead('GET', '/livez', { host: 'record_store:4101' }), 200],
  ])('a request is answered %s', async (_, bytes, status) => {
    expect((await sendBytes(service.url, bytes)).status).toBe(status)
  })

  test('a request in absolute form needs a token like any other', async () => {
    expect(
      (await sendBytes(service.url, printRequestHead('POST', 'http://a.test/graphql', { 'content-length': '1000000' })))
        .status,
    ).toBe(401)
  })
})

test("an absolute target's authority, not Host, is the origin from which its own pages may send requests", async () => {
  const gateway = opened.services[0] ?? expect.fail()
  const headers = await gateway.headersFor(gateway.routes.graphql ?? expect.fail())
  const ask = (origin: string) =>
    sendBytes(
      gateway.url,
      `${printRequestHead('POST', 'http://a.test/graphql', { ...headers, host: 'b.test', origin, 'content-type': 'application/json', 'content-length': '24' })}{"query":"{__typename}"}`,
    )
  expect([(await ask('http://a.test')).status, (await ask('http://b.test')).status]).toEqual([200, 403])
})

describe('a bug while a request is answered', () => {
  const bug = new TypeError('secret of /srv/app/module.ts')

  test('a bug in a store is answered 500 without its details, with and without a socket, and is logged', async () => {
    await using made = await createTestService({
      publish: async () => {
        throw bug
      },
    })
    await using listening = await made.service.listen({ port: 0 })
    const answer = await sendBytes(listening.url, printRequestHead('POST', '/fhir', {}))
    expect([answer.status, toErrorCode(answer.body)]).toEqual([500, 'INTERNAL'])
    expect(answer.body).not.toMatch(internals)
    const response = await made.service.fetch(new Request('http://store/fhir', { method: 'POST' }))
    expect([response.status, toErrorCode(await response.text())]).toEqual([500, 'INTERNAL'])
    expect(made.logged).toEqual(Array(2).fill(['A request failed: POST /fhir', bug]))
  })

  test('a bug in the gateway is answered 500 without its details, and is logged', async () => {
    await using system = await startSystem()
    const logged: unknown[] = []
    const url = await system.another({
      graphiql: {
        exampleVariables: {},
        mintToken: async () => {
          throw bug
        },
      },
      log: (...line) => logged.push(line),
    })
    const { status, body } = await sendBytes(url, printRequestHead('GET', '/graphql', { accept: 'text/html' }))
    expect([status, toErrorCode(body)]).toEqual([500, 'INTERNAL'])
    expect(body).not.toMatch(internals)
    expect(logged).toEqual([['A request failed: GET /graphql', bug]])
  })
})
