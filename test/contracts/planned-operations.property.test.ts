import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anyOperation } from '../support/contracts/any-operation.ts'
import { type System, startSystem } from '../support/system.ts'

// CASES=10000 npx vitest run test/contracts/planned-operations.property.test.ts
const numRuns = Number(process.env.CASES ?? 80)
const timeoutMs = 120_000 + numRuns * 200
const people = [
  '9990000018',
  '9990000034',
  '9990000050',
  '9990000093',
  '9990000131',
  '9990000182',
  '9990000190',
  '9990000212',
  '9990000247',
  '9990000255',
  '9990000271',
  '9990000336',
  '9990000360',
  '9990000514',
]

let system: System
let planned: string
let executed: string
beforeAll(async () => {
  system = await startSystem({ people: true, limited: false })
  // A busy machine must not make a region late for one gateway and in time for the other.
  const regions = system.regions.map((region) => ({ ...region, timeMs: 60_000 }))
  planned = await system.another({ regions, deadlineMs: 120_000 })
  executed = await system.another({ regions, deadlineMs: 120_000, usesPlans: false })
})
afterAll(() => system[Symbol.asyncDispose]())

/**
 * The text of an answer in one spelling (a region's escapes are passed on), what differs between two askings of the
 * same masked.
 */
async function ask(url: string, body: object, token: string): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  })
  const text = JSON.stringify(await response.json())
  return `${response.status} ${text.replace(/"(latencyMs|asOf|url|feedConnected)":("[^"]*"|[\d.]+|true|false)/g, '"$1":"masked"')}`
}

/**
 * An answer without the place of the error that left no data. Where two root fields that may not be null fail, the
 * first to fail is named (GraphQL, Handling Execution Errors), and graphql-js itself names now one, now the other.
 */
function maskFirstFailure(answer: string): string {
  return answer.endsWith('"data":null}') ? answer.replace(/"locations":\[.*?\],"path":\["r\d"/g, '"masked"') : answer
}

async function expectSame(): Promise<void> {
  const token = await system.token()
  let answered = 0
  await fc.assert(
    fc.asyncProperty(anyOperation(people), async ({ text, variables }) => {
      const body = { query: text, variables }
      const [answer, plain] = await Promise.all([ask(planned, body, token), ask(executed, body, token)])
      expect(maskFirstFailure(answer)).toBe(maskFirstFailure(plain))
      if (plain.startsWith('200') && !plain.includes('"errors"')) answered++
    }),
    { numRuns },
  )
  // Most that is asked must be answered, or little was compared.
  expect(answered).toBeGreaterThan(numRuns / 2)
}

test('an operation answered by its plan is answered as graphql-js does it, byte for byte', expectSame, timeoutMs)

test('a directive whose variable is null in spite of its default is answered with the same fault', async () => {
  const token = await system.token()
  const body = {
    query: 'query ($yes: Boolean = true) { patient(nhsNumber: "9990000018") { presence @include(if: $yes) } }',
    variables: { yes: null },
  }
  const [answer, plain] = await Promise.all([ask(planned, body, token), ask(executed, body, token)])
  expect(answer).toContain('"errors"')
  expect(answer).toBe(plain)
})

test("one client's operation is not another's: the same words with another type of a variable", async () => {
  const token = await system.token()
  const query = (type: string) =>
    `query ($first: ${type}) { patient(nhsNumber: "9990000018") { completeness { regions { status } } records { ... on CheshireMerseysideRecord { documents(first: $first) { nodes { id } } } } } }`
  await ask(planned, { query: query('Int!'), variables: { first: 1 } }, token)
  expect(await ask(planned, { query: query('Int') }, token)).not.toContain('FAILED')
})

test(
  'also while a region does not answer',
  async () => {
    await system.stop('lancashire-south-cumbria')
    await expectSame()
  },
  timeoutMs,
)
