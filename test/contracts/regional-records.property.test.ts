import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { buildSchema, parse, validate } from 'graphql'
import { createLocalJWKSet, exportJWK, generateKeyPair } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { roleSystem } from '../../schema/access-token.ts'
import { assertionHeader, signAssertion } from '../../schema/assertion.ts'
import { createRecordService } from '../../subgraphs/service/record-service.ts'
import { anyRecords, printForGateway, printForRegion, type RecordsField } from '../support/contracts/any-records.ts'
import { type Slug, type System, startSystem } from '../support/system.ts'

const numRuns = Number(process.env.CASES ?? 40)
// Known to both regions, verified, not flagged, and open to the tests' viewer.
const people = ['9990000018', '9990000425', '9990000328']
const publicSchema = buildSchema(readFileSync(new URL('../../schema/composed.graphql', import.meta.url), 'utf8'))

let system: System
/** Two gateways that wait for as long as a busy machine takes: by plans, and by graphql-js. */
let gateways: readonly string[]
let askRegion: (slug: Slug, query: string, variables: object) => Promise<Answer>
interface Answer {
  readonly data?: { readonly [key: string]: { readonly patients: readonly { readonly record: object | null }[] } }
  readonly errors?: readonly unknown[]
}

beforeAll(async () => {
  system = await startSystem({ people: true, limited: false })
  const patient = { regions: system.regions.map((region) => ({ ...region, timeMs: 30_000 })), deadlineMs: 60_000 }
  gateways = [await system.another(patient), await system.another({ ...patient, usesPlans: false })]
  const { publicKey, privateKey } = await generateKeyPair('Ed25519', { extractable: true })
  const gatewayKeys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'oracle', alg: 'Ed25519' }] })
  const viewer = {
    id: '555036632103',
    name: null,
    role: { system: roleSystem, code: 'R0260', display: null },
    areaOfWork: null,
    nhsNumber: null,
    organisation: { odsCode: 'REM', name: null },
    purpose: null,
    scopes: ['record'],
    verifiedUntilMs: Number.POSITIVE_INFINITY,
  }
  const services = new Map(
    system.regions.map((region) => {
      return [
        region.slug,
        createRecordService({
          region,
          store: system.store(region.slug as Slug),
          verifyToken: async () => viewer,
          gatewayKeys,
        }),
      ]
    }),
  )
  askRegion = async (slug, query, variables) => {
    const context = { purpose: 'DIRECT_CARE', relationship: 'ATTENDING', reason: null, supervisor: null } as const
    const region = system.regions.find((one) => one.slug === slug)?.code ?? ''
    const assertion = await signAssertion({
      key: privateKey,
      keyId: 'oracle',
      region,
      token: 'any',
      context,
      expiresAtMs: Date.now() + 30_000,
    })
    const headers = { 'content-type': 'application/json', authorization: 'Bearer any', [assertionHeader]: assertion }
    const response = await services
      .get(slug)
      ?.fetch(
        new Request('http://store/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }) }),
      )
    return (await response?.json()) as Answer
  }
})
afterAll(() => system[Symbol.asyncDispose]())

/**
 * What the regions themselves say to the same selection, asked plainly, their types called as the gateway calls them.
 */
async function toExpected(field: RecordsField, variables: object, nhsNumber: string): Promise<readonly unknown[]> {
  return Promise.all(
    system.regions.map(async (region) => {
      const { data, errors } = await askRegion(region.slug as Slug, printForRegion(field, region, nhsNumber), variables)
      expect(errors, printForRegion(field, region, nhsNumber)).toBeUndefined()
      return withPrefix(data?.[region.viewField]?.patients[0]?.record ?? null, region.typePrefix)
    }),
  )
}

function withPrefix(value: unknown, prefix: string): unknown {
  if (Array.isArray(value)) return value.map((one) => withPrefix(one, prefix))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      (key === '__typename' || key === 'typeName') && typeof one === 'string' && one !== 'Identifier'
        ? prefix + one
        : withPrefix(one, prefix),
    ]),
  )
}

async function ask(url: string, body: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await system.token()}` }
  return (
    await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) })
  ).json() as Promise<Answer>
}

test('every valid selection on records is answered as each region itself answers it, and no region is blamed', {
  timeout: 600_000,
}, async () => {
  let compared = 0
  const region = fc.constantFrom(...people)
  await fc.assert(
    fc.asyncProperty(anyRecords(system.regions), region, async ({ fields, values }, nhsNumber) => {
      const query = printForGateway({ fields }, system.regions, nhsNumber)
      fc.pre(validate(publicSchema, parse(query)).length === 0)
      const expected = Object.fromEntries(
        await Promise.all(fields.map(async (field) => [field.alias, await toExpected(field, values, nhsNumber)])),
      )
      const completeness = { regions: system.regions.map(() => ({ status: 'ANSWERED' })) }
      for (const url of gateways)
        expect(await ask(url, { query, variables: values }), query).toEqual({
          data: { patient: { completeness, ...expected } },
        })
      compared++
    }),
    { numRuns },
  )
  expect(compared).toBe(numRuns)
})
