import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OperationsFigures } from '../../gateway/observability/operations-page/operations-figures.ts'
import { type System, startSystem } from '../support/system.ts'

describe('the figures of the operations page', () => {
  let system: System
  beforeAll(async () => {
    system = await startSystem()
  })
  afterAll(() => system[Symbol.asyncDispose]())

  const ask = (headers: Readonly<Record<string, string>>, method = 'GET') =>
    fetch(`${system.url}/ops/figures`, { method, headers })
  const holderOf = async (scope?: string) => ({ authorization: `Bearer ${await system.token({ scope })}` })

  test.each<[string, () => Promise<Readonly<Record<string, string>>>, number, string]>([
    ['nobody', async () => ({}), 401, 'UNAUTHENTICATED'],
    [
      'an expired token',
      async () => ({ authorization: `Bearer ${await system.token({ scope: 'operations', lifeSeconds: -60 })}` }),
      401,
      'UNAUTHENTICATED',
    ],
    [
      'a token in a cookie',
      async () => ({ cookie: `authorization=${await system.token({ scope: 'operations' })}` }),
      401,
      'UNAUTHENTICATED',
    ],
    ['a token without scopes', () => holderOf(''), 403, 'INSUFFICIENT_SCOPE'],
    ["a publisher's token", () => holderOf('publish'), 403, 'INSUFFICIENT_SCOPE'],
    [
      'a scope that only begins like the right one',
      () => holderOf('operations:read operations-page OPERATIONS'),
      403,
      'INSUFFICIENT_SCOPE',
    ],
  ])('the operations figures are refused to %s', async (_, headers, status, code) => {
    const response = await ask(await headers())
    const text = await response.text()
    expect([
      response.status,
      JSON.parse(text).errors[0].extensions.code,
      response.headers.get('cache-control'),
    ]).toEqual([status, code, 'no-store'])
    expect(text).not.toContain('LPRES')
  })

  test('the operations figures ignore a token in the address', async () => {
    const response = await fetch(
      `${system.url}/ops/figures?access_token=${await system.token({ scope: 'operations' })}`,
    )
    expect([response.status, await response.text()]).toEqual([401, expect.stringContaining('UNAUTHENTICATED')])
  })

  test('the operations figures are open to a token with the scope, also among others, and nobody may cache them', async () => {
    const response = await ask(await holderOf('publish operations'))
    expect([response.status, response.headers.get('cache-control'), response.headers.get('content-type')]).toEqual([
      200,
      'no-store',
      'application/json; charset=utf-8',
    ])
    const { regions, inFlight, series, hour } = (await response.json()) as OperationsFigures
    expect(regions.map(({ name, suspendedUntilMs }) => [name, suspendedUntilMs])).toEqual([
      ['e-Xchange', null],
      ['LPRES', null],
    ])
    expect([inFlight, series.startMs.length, hour.regions.length]).toEqual([0, 360, 2])
  })

  test('the operations figures are read-only', async () => {
    const response = await ask(await holderOf('operations'), 'POST')
    expect([response.status, response.headers.get('allow'), await response.text()]).toEqual([
      405,
      'GET',
      expect.stringContaining('METHOD_NOT_ALLOWED'),
    ])
  })
})
