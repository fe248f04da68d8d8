import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { oversizedOperations } from '../support/limits/oversized-operations.ts'
import { executionPaths, expectNoRegionQueried, sendOperation } from '../support/limits/send-operation.ts'
import { type System, startSystem } from '../support/system.ts'

describe('a document beyond a limit', () => {
  let system: System
  let token: string
  beforeAll(async () => {
    system = await startSystem()
    token = await system.token()
  })
  afterAll(() => system[Symbol.asyncDispose]())

  describe.each(executionPaths)('%s', (_, way) => {
    test.each(Object.entries(oversizedOperations))(
      'the gateway refuses a document beyond a limit before validation, and calls no region: %s',
      async (_, [query, code, message]) => {
        const {
          status,
          codes,
          message: told,
          text,
        } = await sendOperation(system.url, { query }, { token, mediaType: way })
        // Validation's own words come with 200 in this media type (GraphQL over HTTP, 6.4.1).
        expect([status, codes]).toEqual([/^(TOO|BAD_REQ)/.test(code) ? 400 : 200, [code]])
        expect(told).toMatch(message)
        expect(text).not.toContain('9990000018')
        expectNoRegionQueried(system)
      },
    )
  })
})
