import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRawConnection } from '../support/http/raw-connection.ts'
import { executionPaths, expectNoRegionQueried, sendOperation } from '../support/limits/send-operation.ts'
import { type System, startSystem } from '../support/system.ts'

describe('a request that trickles in', () => {
  let system: System
  let token: string
  beforeAll(async () => {
    system = await startSystem()
    token = await system.token()
  })
  afterAll(() => system[Symbol.asyncDispose]())

  const head = (type: string, more = '') =>
    `POST /graphql HTTP/1.1\r\nhost: gateway\r\ncontent-type: ${type}\r\nauthorization: Bearer ${token}\r\ncontent-length: 1000\r\n${more}\r\n`
  /** All of a refusal that comes without a request. */
  const refusal = (status: string, code: string) =>
    new RegExp(
      `^HTTP/1\\.1 ${status}\r\n(?:[^\r]+\r\n)*connection: close\r\n\r\n\\{"errors":\\[\\{"message":"[^"]+","extensions":\\{"code":"${code}"\\}\\}\\]\\}$`,
    )

  test.each(executionPaths)(
    'the gateway cuts off a request whose body trickles in, with a code (%s)',
    async (_, way) => {
      const url = await system.another({ arrivalMs: 200 })
      using connection = await openRawConnection(url)
      connection.send(`${head(way)}{"query":`)
      expect(await connection.ended).toMatch(refusal('408 Request Timeout', 'REQUEST_TIMEOUT'))
      expect((await sendOperation(url, { query: '{ viewer { id } }' }, { token })).status).toBe(200)
      expectNoRegionQueried(system)
    },
  )

  test('the gateway cuts off a request whose head trickles in, with a code', async () => {
    using connection = await openRawConnection(await system.another({ arrivalMs: 200 }))
    connection.send('POST /graphql HTTP/1.1\r\nhost: gate')
    expect(await connection.ended).toMatch(refusal('408 Request Timeout', 'REQUEST_TIMEOUT'))
  })

  test.each(executionPaths)('a request that trickles in takes no slot of a complete one (%s)', async (_, way) => {
    const url = await system.another({ maxInFlight: 1 })
    using connection = await openRawConnection(url)
    // The server says when it is ready for the body.
    connection.send(head(way, 'expect: 100-continue\r\n'))
    await connection.hears(/100 Continue/)
    connection.send('{"query":')
    for (let n = 0; n < 3; n++)
      expect((await sendOperation(url, { query: '{ viewer { id } }' }, { token })).status).toBe(200)
  })

  test('a request without a token that trickles in is refused unread', async () => {
    using connection = await openRawConnection(system.url)
    connection.send(head('application/json').replace(token, 'none'))
    expect(await connection.hears(/UNAUTHENTICATED/)).toMatch(/^HTTP\/1\.1 401 /)
    await connection.ended
  })
})
