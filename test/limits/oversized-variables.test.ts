import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { executionPaths, expectNoRegionQueried, sendOperation } from '../support/limits/send-operation.ts'
import { publishedOperation } from '../support/published-operation.ts'
import { type System, startSystem } from '../support/system.ts'

const wardList = publishedOperation('ward-list')
const number = '9990000018'

/** Each within the largest body, but for the last. */
const huge: Readonly<Record<string, readonly [variables: object, status: number, code: string]>> = {
  'seven thousand patients': [{ nhsNumbers: Array.from({ length: 7000 }, () => number) }, 400, 'TOO_COSTLY'],
  '51 patients': [{ nhsNumbers: Array.from({ length: 51 }, () => number) }, 200, 'TOO_MANY_PATIENTS'],
  'a number of 90,000 digits': [{ nhsNumbers: ['9'.repeat(90_000)] }, 200, 'INVALID_NHS_NUMBER'],
  'objects 10,000 deep': [
    { nhsNumbers: [number], access: JSON.parse(`${'{"access":'.repeat(9_000)}1${'}'.repeat(9_000)}`) },
    200,
    'BAD_USER_INPUT',
  ],
  'lists 40,000 deep': [
    { nhsNumbers: JSON.parse(`${'['.repeat(40_000)}${']'.repeat(40_000)}`) },
    200,
    'INVALID_NHS_NUMBER',
  ],
  'more than a body may hold': [{ nhsNumbers: Array.from({ length: 9000 }, () => number) }, 413, 'PAYLOAD_TOO_LARGE'],
}

describe('variables beyond a limit', () => {
  let system: System
  let token: string
  beforeAll(async () => {
    system = await startSystem()
    token = await system.token()
  })
  afterAll(() => system[Symbol.asyncDispose]())

  describe.each(executionPaths)('%s', (_, way) => {
    test.each(Object.entries(huge))(
      'the gateway refuses oversized variables with a code, and calls no region: %s',
      async (_, [variables, expectedStatus, code]) => {
        const { status, codes, text } = await sendOperation(
          system.url,
          { query: wardList, variables },
          { token, mediaType: way },
        )
        expect([status, [...new Set(codes)]]).toEqual([expectedStatus, [code]])
        expect(text.length).toBeLessThan(20_000)
        expect(text).not.toContain(number)
        expectNoRegionQueried(system)
      },
    )

    test('the gateway refuses fifty patients with the largest page of results', async () => {
      const query = publishedOperation('results-timeline').replace(
        /query[^{]*\{\s*patient\([^)]*\)/,
        'query Q($nhsNumbers: [NHSNumber!]!, $first: Int, $after: String, $filter: ResultFilter) { patients(nhsNumbers: $nhsNumbers)',
      )
      const { status, codes, message } = await sendOperation(
        system.url,
        { query, variables: { nhsNumbers: Array.from({ length: 50 }, () => number), first: 100 } },
        { token, mediaType: way },
      )
      expect([status, codes, message]).toEqual([
        400,
        ['TOO_COSTLY'],
        expect.stringMatching(/^Expected at most 200000 estimated cost, found \d{6}\.$/),
      ])
      expectNoRegionQueried(system)
    })
  })
})
