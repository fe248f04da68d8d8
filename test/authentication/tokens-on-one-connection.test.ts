import { expect, test } from 'vitest'
import { createConnectRetryClient } from '../support/restarts/connect-retry-client.ts'
import { startSystem } from '../support/system.ts'

test('each request on a connection belongs to the holder of its own token, as long as the connection lasts', async () => {
  let nowMs = Date.now()
  await using system = await startSystem({ now: () => nowMs })
  using client = createConnectRetryClient([system.url], { keepAlive: true })
  const [one, other] = [await system.token({ person: '1' }), await system.token({ person: '2' })]
  const ask = async (authorization: string | null) => {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(authorization === null ? {} : { authorization }),
    }
    const { status, text } = await client.post({ path: '/graphql', headers, body: '{"query":"{ viewer { id } }"}' })
    return status === 200 ? JSON.parse(text).data.viewer.id : status
  }
  const asked = [
    `Bearer ${one}`,
    `Bearer ${one}`,
    `Bearer ${other}`,
    `bearer ${one}`,
    `Bearer ${one.slice(0, -4)}AAAA`,
    `Bearer ${one}`,
    null,
    `Bearer ${one}`,
    `Bearer ${one}`,
  ]
  const answered: unknown[] = []
  for (const authorization of asked) answered.push(await ask(authorization))
  expect(answered).toEqual(['1', '1', '2', '1', 401, '1', 401, '1', '1'])
  nowMs += 13 * 3_600_000
  expect(await ask(`Bearer ${one}`)).toBe(401)
})
