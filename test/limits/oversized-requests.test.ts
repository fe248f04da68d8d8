import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRawConnection } from '../support/http/raw-connection.ts'
import { executionPaths, expectNoRegionQueried, sendOperation } from '../support/limits/send-operation.ts'
import { type System, startSystem } from '../support/system.ts'

describe('a request beyond a limit', () => {
  let system: System
  let token: string
  beforeAll(async () => {
    system = await startSystem()
    token = await system.token()
  })
  afterAll(() => system[Symbol.asyncDispose]())

  const patient = '{ patient(nhsNumber: "9990000018") { presence } }'

  test.each(executionPaths)('the gateway refuses a body that is one byte too long (%s)', async (_, way) => {
    const bodyOf = (bytes: number) => JSON.stringify({ query: '{ viewer { id } }' }).padEnd(bytes)
    expect((await sendOperation(system.url, bodyOf(100_000), { token, mediaType: way })).status).toBe(200)
    const { status, codes, message } = await sendOperation(system.url, bodyOf(100_001), { token, mediaType: way })
    expect([status, codes, message]).toEqual([413, ['PAYLOAD_TOO_LARGE'], 'Expected a body of at most 100000 bytes.'])
  })

  test.each(executionPaths)('the gateway refuses a whole array of too many operations (%s)', async (_, way) => {
    for (const count of [1, 2, 1000]) {
      const { status, codes } = await sendOperation(
        system.url,
        Array.from({ length: count }, () => ({ query: patient })),
        { token, mediaType: way },
      )
      expect([status, codes]).toEqual([400, ['BAD_REQUEST']])
    }
    expectNoRegionQueried(system)
  })

  test('the gateway refuses one long header or many headers with a code, and ends the connection', async () => {
    for (const headers of [
      `x-large: ${'x'.repeat(20_000)}\r\n`,
      Array.from({ length: 3000 }, (_, n) => `x-${n}: x\r\n`).join(''),
    ]) {
      using connection = await openRawConnection(system.url)
      connection.send(`POST /graphql HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer ${token}\r\n${headers}\r\n`)
      expect(await connection.ended).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"HEADERS_TOO_LARGE"/)
    }
  })

  test('the gateway refuses bytes that are not HTTP with a code, and ends the connection', async () => {
    using connection = await openRawConnection(system.url)
    connection.send('9990000018 nonsense\r\n\r\n')
    const heard = await connection.ended
    expect(heard).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"BAD_REQUEST"/)
    expect(heard).not.toContain('9990000018')
  })
})
