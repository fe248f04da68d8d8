import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Route } from '../../schema/service/routes.ts'
import { listPathSpellings } from '../support/http/path-spellings.ts'
import { openRawConnection } from '../support/http/raw-connection.ts'
import {
  parseResponse,
  printRequestHead,
  type RawResponse,
  sendBytes,
  toErrorCode,
} from '../support/http/raw-response.ts'
import {
  type Headers,
  type RoutedService,
  startThreeServices,
  type ThreeServices,
  toRoutePath,
} from '../support/http/three-services.ts'

const serviceNames = ['gateway', 'cheshire-merseyside', 'lancashire-south-cumbria'] as const
const operation = '{"query":"{ __typename }"}'

let opened: ThreeServices
beforeAll(async () => {
  opened = await startThreeServices()
})
afterAll(() => opened[Symbol.asyncDispose]())

describe.each(serviceNames)('every route of the table, on %s', (name) => {
  let service: RoutedService
  beforeAll(() => {
    service = opened.services.find((one) => one.name === name) ?? expect.fail(`no ${name}`)
  })

  const routes = (): readonly (readonly [string, Route])[] => Object.entries(service.routes)
  const wrongOf = (right: Headers): Headers =>
    Object.fromEntries(Object.entries(right).map(([header, value]) => [header, `${value.slice(0, -8)}AAAAAAAA`]))
  /** The callers of a route: nobody, one whose signatures are wrong, one whom it admits. */
  const callersOf = async (route: Route): Promise<readonly (readonly [string, Headers])[]> => {
    const right = await service.headersFor(route)
    return [
      ['no token', {}],
      ['a wrong token', wrongOf(right)],
      ['the right token', right],
    ]
  }
  /** Of a POST a body is announced, and none is sent. */
  const headOf = ([method = 'GET']: Route['methods'], target: string, headers: Headers) =>
    printRequestHead(
      method,
      target,
      method === 'POST' ? { ...headers, 'content-type': 'application/json', 'content-length': '1000000' } : headers,
    )

  test('any other spelling of a route is 404 for everybody before the body is read, and no store verifies a caller', async () => {
    const before = service.verified()
    for (const [route, { methods, ...door }] of routes()) {
      const spellings = Object.entries(listPathSpellings(toRoutePath({ methods, ...door })))
      expect(spellings.length).toBeGreaterThan(20)
      for (const [caller, headers] of await callersOf({ methods, ...door })) {
        const answers = await Promise.all(
          spellings.map(([, target]) => sendBytes(service.url, headOf(methods, target, headers))),
        )
        const entered = answers.flatMap((answer, index) =>
          isRefused(answer) ? [] : [`${route}, ${caller}, ${spellings[index]?.[0]}: ${answer.status} ${answer.body}`],
        )
        expect(entered).toEqual([])
      }
    }
    expect([service.verified(), service.logged]).toEqual([before, []])
  })

  test("the service has no route beside its table: no library's own, and none that strangers try first", async () => {
    const paths = [
      '/',
      '/health',
      '/anything/health',
      '/graphql/health',
      '/documents/health/health',
      '/graphiql',
      '/playground',
      '/graphql/stream',
      '/favicon.ico',
      '/.env',
      '/admin',
      '//',
      '/?',
      '*',
    ]
    for (const target of paths) {
      const answer = await sendBytes(service.url, printRequestHead('GET', target, { accept: 'text/html' }))
      expect([target, isRefused(answer)]).toEqual([target, true])
    }
  })

  test('any other spelling of a route is 404 without a socket, too', async () => {
    for (const [route, { methods, ...door }] of routes()) {
      const path = toRoutePath({ methods, ...door })
      const headers = await service.headersFor(door)
      // A query takes nobody past the door either.
      const unknown = await service.fetch(new Request(`http://service.test${path}?a=/health`, { method: methods[0] }))
      if (door.admits !== 'anyone') expect([route, unknown.status]).toEqual([route, 401])
      for (const [spelling, target] of Object.entries(listPathSpellings(path))) {
        // What a URL cannot hold, or is the path once it is parsed, is no other spelling there.
        const url = URL.parse(target, 'http://service.test')
        if (!url || url.pathname === path || !url.protocol.startsWith('http')) continue
        const response = await service.fetch(
          new Request(url, { method: methods[0], headers, body: methods[0] === 'POST' ? operation : null }),
        )
        expect([route, spelling, response.status, toErrorCode(await response.text())]).toEqual([
          route,
          spelling,
          404,
          'NOT_FOUND',
        ])
      }
    }
  })

  test('a route is 401 without a valid token unless it admits anyone, and opens to the right token with any query string', async () => {
    for (const [route, { methods, ...door }] of routes()) {
      for (const method of methods) {
        for (const [caller, headers] of await callersOf({ methods, ...door })) {
          const body = method === 'POST' ? operation : ''
          const head = printRequestHead(method, `${toRoutePath({ methods, ...door })}?a=/b/health`, {
            ...headers,
            'content-type': 'application/json',
            'content-length': String(body.length),
          })
          using connection = await openRawConnection(service.url)
          connection.send(head + body)
          const { status, head: answered } = parseResponse(await connection.hears(/\r\n\r\n/))
          const isOpen = door.admits === 'anyone' || caller === 'the right token'
          // GraphiQL is for browsers; others are told how to ask.
          const isPage = route === 'graphiql'
          expect([route, method, caller, isOpen ? [401, 403, isPage ? 0 : 405].includes(status) : status]).toEqual([
            route,
            method,
            caller,
            isOpen ? false : 401,
          ])
          if (!isOpen) expect(answered).toContain('www-authenticate: Bearer')
        }
      }
    }
  })

  test('a route is 405 by another method, and lists its methods', async () => {
    for (const [route, { template, ...door }] of routes()) {
      const allowed = routes().flatMap(([, one]) => (one.template === template ? one.methods : []))
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'].filter(
        (one) => !(allowed as readonly string[]).includes(one),
      )) {
        const { status, head } = await sendBytes(
          service.url,
          printRequestHead(method, toRoutePath({ template, ...door }), await service.headersFor(door)),
        )
        expect([route, method, status, /^allow: (.*)$/im.exec(head)?.[1]]).toEqual([
          route,
          method,
          405,
          allowed.join(', '),
        ])
      }
    }
  })
})

/** 404 of the table or 400, as an answer with nothing else in it. */
function isRefused({ status, body }: RawResponse): boolean {
  return (
    (status === 404 && toErrorCode(body) === 'NOT_FOUND') || (status === 400 && toErrorCode(body) === 'BAD_REQUEST')
  )
}
