import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createViewerRateLimit } from '../../gateway/server/viewer-rate-limit.ts'
import { executionPaths, sendOperation } from '../support/limits/send-operation.ts'
import { type System, startSystem } from '../support/system.ts'

describe('a person who sends too many requests', () => {
  let system: System
  let nowMs = Date.now()
  const now = () => nowMs
  beforeAll(async () => {
    system = await startSystem({ now })
  })
  afterAll(() => system[Symbol.asyncDispose]())

  const query = '{ viewer { id } }'

  test.each(executionPaths)(
    'a person beyond the rate is refused until time passes, with any token, and nobody else is (%s)',
    async (_, way) => {
      const url = await system.another({ operationsPerMinute: 3, now })
      const token = await system.token()
      const asks = async (asked = token) => {
        const { status, codes, headers } = await sendOperation(url, { query }, { token: asked, mediaType: way })
        return [status, codes[0] ?? null, headers.get('retry-after')]
      }
      for (let n = 0; n < 3; n++) expect(await asks()).toEqual([200, null, null])
      expect(await asks()).toEqual([429, 'TOO_MANY_OPERATIONS', '20'])
      expect(await asks(await system.token({ role: 'R8004' }))).toEqual([429, 'TOO_MANY_OPERATIONS', '20'])
      expect(await asks(await system.token({ person: '555036632199' }))).toEqual([200, null, null])
      nowMs += 12_000
      expect(await asks()).toEqual([429, 'TOO_MANY_OPERATIONS', '8'])
      nowMs += 8_000
      expect(await asks()).toEqual([200, null, null])
      expect((await asks())[0]).toBe(429)
    },
  )

  test('a request beyond the rate does not reach a region', async () => {
    const url = await system.another({ operationsPerMinute: 1, now })
    const token = await system.token()
    await sendOperation(url, { query }, { token })
    for (const [, way] of executionPaths)
      await sendOperation(
        url,
        { query: '{ patient(nhsNumber: "9990000018") { presence } }' },
        { token, mediaType: way },
      )
    expect(system.requests()).toEqual({ 'cheshire-merseyside': 0, 'lancashire-south-cumbria': 0 })
  })

  test('an operation counts once, whichever execution path it takes', async () => {
    const url = await system.another({ operationsPerMinute: 2, now })
    const token = await system.token()
    // A refused document is handed on from one way to the other.
    expect((await sendOperation(url, { query: '{ nonsense }' }, { token })).codes).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
    ])
    expect((await sendOperation(url, { query }, { token })).status).toBe(200)
    expect((await sendOperation(url, { query }, { token })).status).toBe(429)
  })

  test.each(executionPaths)(
    'a costly operation counts as several, whichever execution path it takes, and once (%s)',
    async (_, way) => {
      const url = await system.another({ operationsPerMinute: 20, now })
      const token = await system.token()
      const send = async (text: string, variables = {}) => {
        const { status, headers } = await sendOperation(url, { query: text, variables }, { token, mediaType: way })
        return [status, headers.get('retry-after')]
      }
      // 25,050, so seven operations.
      const patients = 'query ($n: [NHSNumber!]!) { patients(nhsNumbers: $n) { presence } viewer { id } }'
      const n = Array.from({ length: 50 }, () => '9990000018')
      expect(await send(patients, { n })).toEqual([200, null])
      expect(await send(patients, { n })).toEqual([200, null])
      // Six are left, and one of them is enough to be let in: the others are owed.
      expect(await send(patients, { n })).toEqual([200, null])
      expect(await send(query)).toEqual([429, '6'])
      nowMs += 6000
      expect((await send(query))[0]).toBe(200)
    },
  )

  test('the rate limit holds a bounded number of people in memory', () => {
    const rate = createViewerRateLimit({ operationsPerMinute: 1, maxViewers: 4, now })
    for (const person of ['a', 'b', 'c', 'a']) rate.consume(person)
    // Of four at most, at least the two who asked last are remembered; b is the first to be forgotten.
    rate.consume('d')
    expect(['a', 'c', 'd'].map((person) => rate.consume(person) > 0)).toEqual([true, true, true])
    expect(rate.consume('b')).toBe(0)
  })

  test('a person gains nothing when the clock is set back', () => {
    let atMs = 1_000_000
    const rate = createViewerRateLimit({ operationsPerMinute: 1, now: () => atMs })
    expect([rate.consume('a'), rate.consume('a')]).toEqual([0, 60])
    atMs -= 500_000
    expect(rate.consume('a')).toBe(60)
    atMs += 60_000
    expect(rate.consume('a')).toBe(0)
  })
})
