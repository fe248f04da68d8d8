import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type System, startSystem } from '../support/system.ts'

describe('the gateway speaks GraphQL over HTTP', () => {
  let system: System
  let token: string
  beforeAll(async () => {
    system = await startSystem({ graphiql: true })
    token = await system.token()
  })
  afterAll(() => system[Symbol.asyncDispose]())

  const audits = serverAudits({
    url: () => `${system.url}/graphql`,
    fetchFn: (input: string, init: RequestInit = {}) =>
      fetch(input, {
        ...init,
        headers: { ...Object.fromEntries(new Headers(init.headers)), authorization: `Bearer ${token}` },
      }),
  })
  test.each(audits.filter(({ name }) => /^(MUST|SHOULD)/.test(name)))('$id $name', async (audit) => {
    expect(await audit.fn()).toMatchObject({ status: 'ok' })
  })
})
