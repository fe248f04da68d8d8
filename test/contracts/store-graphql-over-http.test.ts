import { serverAudits } from 'graphql-http'
import { describe, expect, it } from 'vitest'
import { createTestService, type RegionSlug } from '../support/store/test-service.ts'

const regions: readonly RegionSlug[] = ['cheshire-merseyside', 'lancashire-south-cumbria']

describe.each(regions)("the server audit of GraphQL over HTTP, on %s's store", (region) => {
  const audits = serverAudits({
    url: 'http://store/graphql',
    fetchFn: async (url: string, init: RequestInit = {}) => {
      await using store = await createTestService({ region })
      const headers = { ...Object.fromEntries(new Headers(init.headers)), ...(await store.headers()) }
      return store.service.fetch(new Request(url, { ...init, headers }))
    },
  })

  it.each(audits.filter(({ name }) => !name.startsWith('MAY')).map((audit) => [audit.name, audit] as const))(
    '%s',
    async (_name, audit) => {
      const { status, reason } = (await audit.fn()) as { readonly status: string; readonly reason?: string }
      expect({ status, reason }).toEqual({ status: 'ok', reason: undefined })
    },
  )

  it('holds all that the audit asks', () => {
    expect(audits.length).toBeGreaterThan(50)
  })
})
