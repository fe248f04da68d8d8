import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { executionPaths, expectNoRegionQueried, sendOperation } from '../support/limits/send-operation.ts'
import { type System, startSystem } from '../support/system.ts'

describe('introspection off', () => {
  let system: System
  let token: string
  let open: string
  beforeAll(async () => {
    system = await startSystem()
    token = await system.token()
    open = await system.another({ introspection: 'on' })
  })
  afterAll(() => system[Symbol.asyncDispose]())

  describe.each(executionPaths)('%s', (_, way) => {
    test.each([
      ['the whole schema', getIntrospectionQuery()],
      ['one type', '{ __type(name: "Patient") { fields { name } } }'],
      ['under an alias, in a fragment', 'query { ...F } fragment F on Query { viewer: __schema { types { name } } }'],
      ['skipped by a variable', 'query Q($no: Boolean!) { viewer { id } __schema @skip(if: $no) { types { name } } }'],
    ])('with introspection off, the schema cannot be read: %s', async (_, query) => {
      const outcome = await sendOperation(system.url, { query, variables: { no: false } }, { token, mediaType: way })
      expect([outcome.status, outcome.codes]).toEqual([400, ['INTROSPECTION_OFF']])
      expectNoRegionQueried(system)
      const { codes, text } = await sendOperation(open, { query, variables: { no: false } }, { token, mediaType: way })
      expect([codes, /"(types|fields)":\[/.test(text)]).toEqual([[], true])
    })

    test('with introspection on, a scalar has its description', async () => {
      const query =
        '{ a: __type(name: "NHSNumber") { description } b: __type(name: "PartialDateTime") { description } c: __type(name: "Decimal") { description } d: __type(name: "DateTime") { description } }'
      const { text } = await sendOperation(open, { query }, { token, mediaType: way })
      expect(text).toContain('A valid NHS number: ten digits')
      expect(text.match(/"description":"A\w* [^"]{20,}"/g)).toHaveLength(4)
    })

    test('with introspection off, __typename works, because clients need it', async () => {
      expect(
        (await sendOperation(system.url, { query: '{ viewer { __typename } }' }, { token, mediaType: way })).text,
      ).toBe('{"data":{"viewer":{"__typename":"Viewer"}}}')
    })

    test.each([
      ['a field', '{ viewer { idd } }'],
      ['an argument', '{ patient(nhsNumbr: "9990000018") { presence } }'],
      ['a type', '{ viewer { ... on Viewr { id } } }'],
      ['an enum value', '{ patient(nhsNumber: "9990000018", regions: [CHESHIRE]) { presence } }'],
      ['an input field', '{ patient(nhsNumber: "9990000018", access: { purpos: EMERGENCY }) { presence } }'],
    ])('with introspection off, no error suggests the right name of %s', async (_, query) => {
      const { codes, text } = await sendOperation(system.url, { query }, { token, mediaType: way })
      expect(new Set(codes)).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']))
      expect(text).not.toMatch(/did you mean/i)
    })

    test('with introspection off, no error suggests the right name of a variable', async () => {
      const query = 'query Q($access: AccessContext) { patient(nhsNumber: "9990000018", access: $access) { presence } }'
      for (const access of [{ purpos: 'EMERGENCY' }, { purpose: 'EMERGENC' }]) {
        expect(
          (await sendOperation(system.url, { query, variables: { access } }, { token, mediaType: way })).text,
        ).not.toMatch(/did you mean/i)
      }
    })

    test('with introspection on, an error suggests a name', async () => {
      expect((await sendOperation(open, { query: '{ viewer { idd } }' }, { token, mediaType: way })).message).toContain(
        'Did you mean "id"?',
      )
    })
  })

  test('with introspection off, GraphiQL is not served', async () => {
    const response = await fetch(`${system.url}/graphql`, { headers: { accept: 'text/html' } })
    expect([response.status, response.headers.get('content-type')]).toEqual([405, 'application/json; charset=utf-8'])
  })
})
