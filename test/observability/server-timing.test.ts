import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type System, startSystem } from '../support/system.ts'

let system: System
let byYogaUrl: string
beforeAll(async () => {
  system = await startSystem({ people: true })
  byYogaUrl = await system.another({ usesPlans: false })
})
afterAll(() => system[Symbol.asyncDispose]())

/** The header's metrics by name, and the answer. */
async function ask(url: string, query: string, token?: string) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token ?? (await system.token())}` }
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })
  const header = response.headers.get('server-timing')
  const metrics =
    header?.split(', ').map((metric) => /^(\w+);dur=([\d.]+)(?:;desc="(\w+)")?$/.exec(metric)?.slice(1)) ?? null
  return { header, metrics, body: await response.json() }
}

const look = (field: string) => `{ patient(nhsNumber: "9990000018", access: { relationship: ATTENDING }) { ${field} } }`

describe.each([
  ['by its plan', () => system.url],
  ['by yoga', () => byYogaUrl],
])('Server-Timing of a request answered %s', (_, url) => {
  test("Server-Timing shows where a view's time went", async () => {
    const { metrics, body } = await ask(url(), look('completeness { regions { region { code } latencyMs } }'))
    expect(metrics?.map((metric) => [metric?.[0], metric?.[2]])).toEqual([
      ['gateway', undefined],
      ['plan', undefined],
      ['access', undefined],
      ['CHESHIRE_MERSEYSIDE', 'ANSWERED'],
      ['LANCASHIRE_SOUTH_CUMBRIA', 'ANSWERED'],
      ['assemble', undefined],
      ['audit', undefined],
    ])
    const msOf = (name: string) => Number(metrics?.find((metric) => metric?.[0] === name)?.[1])
    // No more than the answer tells of each region.
    for (const { region, latencyMs } of body.data.patient.completeness.regions) {
      expect(msOf(region.code)).toBeGreaterThan(0)
      expect(msOf(region.code)).toBeLessThanOrEqual(latencyMs)
    }
  })

  test('Server-Timing shows only the total for documents, permissions and regions, because parts could reveal what is there', async () => {
    const queries = [
      '{ document(id: "lancashire-south-cumbria.doc.1") { status } }',
      `{ document(id: "lancashire-south-cumbria.doc.1") { status } ${look('presence').slice(1)}`,
      '{ regions { code health { available } } }',
      'mutation { withdrawPermission(input: { nhsNumber: "9990000441", region: CHESHIRE_MERSEYSIDE }) { status } }',
    ]
    for (const query of queries) {
      const { header, body } = await ask(url(), query)
      expect(body.errors).toBeUndefined()
      expect(header, query).toMatch(/^total;dur=[\d.]+$/)
    }
  })

  test('Server-Timing is absent without a valid token', async () => {
    expect((await ask(url(), look('presence'), 'wrong')).header).toBeNull()
  })
})
