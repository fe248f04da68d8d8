import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type System, startSystem } from '../support/system.ts'

/** A number that fails its check digit, and could still be somebody's, mistyped. */
const mistyped = '9990000019'

describe('bad input', () => {
  let system: System
  let token: string
  beforeAll(async () => {
    system = await startSystem({ people: true })
    token = await system.token()
  })
  afterAll(() => system[Symbol.asyncDispose]())

  test.each(['application/json', 'application/json; charset=utf-8'])(
    'a body that is not UTF-8 is refused by either front door, and no byte of it replaced (%s)',
    async (type) => {
      const head = Buffer.from('{"query":"{ viewer { id } }","variables":{"unused":"')
      const response = await fetch(`${system.url}/graphql`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': type },
        body: Buffer.concat([head, Buffer.of(0xff), Buffer.from('"}}')]),
      })
      const { errors } = (await response.json()) as { errors?: readonly { extensions: { code: string } }[] }
      expect([response.status, errors?.map(({ extensions }) => extensions.code)]).toEqual([400, ['BAD_REQUEST']])
    },
  )

  const patient = (args: string, selection = 'presence') => `{ patient(${args}) { ${selection} } }`
  const valid = 'nhsNumber: "9990000018"'

  test.each<[string, string, Readonly<Record<string, unknown>>, string]>([
    ['an invalid NHS number', patient(`nhsNumber: "${mistyped}"`), {}, 'INVALID_NHS_NUMBER'],
    [
      'an invalid NHS number in a variable',
      'query($n: NHSNumber!) { patient(nhsNumber: $n) { presence } }',
      { n: mistyped },
      'INVALID_NHS_NUMBER',
    ],
    [
      'an NHS number as a JSON number',
      'query($n: NHSNumber!) { patient(nhsNumber: $n) { presence } }',
      { n: Number(mistyped) },
      'INVALID_NHS_NUMBER',
    ],
    [
      'an NHS number where an object belongs',
      'query($a: AccessContext) { patient(nhsNumber: "9990000018", access: $a) { presence } }',
      { a: mistyped },
      'BAD_USER_INPUT',
    ],
    ['an unknown region', patient(`${valid}, regions: [WALES]`), {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['first of 0', patient(valid, 'results(first: 0) { nodes { id } }'), {}, 'FIRST_OUT_OF_RANGE'],
    ['first of 10,000', patient(valid, 'documents(first: 10000) { nodes { id } }'), {}, 'FIRST_OUT_OF_RANGE'],
    [
      '51 patients',
      'query($n: [NHSNumber!]!) { patients(nhsNumbers: $n) { presence } }',
      { n: Array.from({ length: 51 }, () => '9990000018') },
      'TOO_MANY_PATIENTS',
    ],
    [
      "null for a directive's variable that has a default",
      'query($yes: Boolean = true) { patient(nhsNumber: "9990000018") { presence @include(if: $yes) } }',
      { yes: null },
      'BAD_USER_INPUT',
    ],
    ['an invalid date', patient(`${valid}, birthDate: "1970-02-30"`), {}, 'INVALID_DATE'],
    [
      'a cursor that the gateway did not make',
      patient(valid, 'results(after: "bm9uc2Vuc2U") { nodes { id } }'),
      {},
      'BAD_CURSOR',
    ],
    ['a field that does not exist', patient(valid, 'shoeSize'), {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['an NHS number where a name belongs', `{ patient(nhsNumber: ${mistyped} }`, {}, 'GRAPHQL_PARSE_FAILED'],
    [
      'an NHS number as a syntax error',
      `{ patient(nhsNumber: "9990000018") "${mistyped}" }`,
      {},
      'GRAPHQL_PARSE_FAILED',
    ],
    ['an empty operation', '', {}, 'GRAPHQL_PARSE_FAILED'],
  ])('the gateway refuses with a code, and does not repeat, %s', async (_, text, variables, code) => {
    const answer = await system.query(text, variables, token)
    expect(answer.errors.map(({ extensions }) => extensions.code)).toEqual([code])
    expect(answer.errors[0]?.message).toMatch(/\w{4,}/)
    expect(answer.text).not.toContain(mistyped)
    expect(system.requests()).toEqual({ 'cheshire-merseyside': 0, 'lancashire-south-cumbria': 0 })
  })

  const post = (body: string, headers = {}) =>
    fetch(`${system.url}/graphql`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    })

  test.each([
    ['malformed JSON', `{"query": "{ viewer { id } }", ${mistyped}`, {}, 400, 'BAD_REQUEST'],
    [
      'a form, as another site could send it',
      'query=%7B%20viewer%20%7B%20id%20%7D%20%7D',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'several operations in an array',
      '[{"query":"{ viewer { id } }"},{"query":"{ viewer { id } }"}]',
      {},
      400,
      'BAD_REQUEST',
    ],
  ])(
    'the gateway refuses with a status and a code, and does not repeat, %s',
    async (_, body, headers, status, code) => {
      const response = await post(body, headers)
      const text = await response.text()
      expect([response.status, JSON.parse(text).errors[0].extensions.code]).toEqual([status, code])
      expect(text).not.toContain(mistyped)
    },
  )

  test('the gateway refuses an operation in the URL, because logs would keep it', async () => {
    const response = await fetch(`${system.url}/graphql?query=${encodeURIComponent('{ viewer { id } }')}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  })

  test('the gateway refuses a body of 100 MB as soon as it is too long', async () => {
    const sent = await sendWithoutEnd(`${system.url}/graphql`, token, 100_000_000)
    expect(sent.status).toBe(413)
    expect(JSON.parse(sent.text).errors[0].extensions.code).toBe('PAYLOAD_TOO_LARGE')
    expect(sent.bytes).toBeLessThan(20_000_000)
  })

  test('an error about one patient of a list leaves the other patients in place', async () => {
    const { data, errors } = await system.query(
      '{ patients(nhsNumbers: ["9990000247", "9990000018", "9990000050"], access: { relationship: ATTENDING }) { presence } }',
      {},
      token,
    )
    expect(errors).toEqual([])
    expect(data.patients).toEqual([{ presence: 'UNDETERMINED' }, { presence: 'FOUND' }, { presence: 'NOT_FOUND' }])
  })
})

/** Sends a chunked body until the server answers or all is sent. */
function sendWithoutEnd(
  url: string,
  token: string,
  size: number,
): Promise<{ readonly status: number | undefined; readonly text: string; readonly bytes: number }> {
  return new Promise((resolve, reject) => {
    let bytes = 0
    let answered = false
    const request = httpRequest(
      url,
      { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` } },
      (response) => {
        answered = true
        const chunks: Buffer[] = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('end', () => {
          resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString(), bytes })
          request.destroy()
        })
      },
    )
    request.on('error', (error) => {
      if (!answered) reject(error)
    })
    const chunk = Buffer.alloc(100_000, ' ')
    const send = () => {
      while (!answered && bytes < size) {
        bytes += chunk.length
        if (!request.write(chunk)) {
          request.once('drain', send)
          return
        }
      }
      if (!answered) request.end()
    }
    send()
  })
}
