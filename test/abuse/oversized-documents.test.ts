import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type System, startSystem } from '../support/system.ts'
import { ask, expectNothingAsked, ways } from './support/ask.ts'
import { oversizedDocuments } from './support/oversized-documents.ts'

describe('a document beyond a limit is refused with its code, before validation, and no region is asked', () => {
  let system: System
  let token: string
  beforeAll(async () => {
    system = await startSystem()
    token = await system.token()
  })
  afterAll(() => system[Symbol.asyncDispose]())

  describe.each(ways)('%s', (_, way) => {
    test.each(Object.entries(oversizedDocuments))('%s', async (_, [query, code, message]) => {
      const { status, codes, message: told, text } = await ask(system.url, { query }, { token, way })
      // Validation's own words come with 200 in this media type (GraphQL over HTTP, 6.4.1).
      expect([status, codes]).toEqual([/^(TOO|BAD_REQ)/.test(code) ? 400 : 200, [code]])
      expect(told).toMatch(message)
      expect(text).not.toContain('9990000018')
      expectNothingAsked(system)
    })
  })
})
