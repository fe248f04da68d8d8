import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Mutation, Query } from '../../schema/generated/patient-view.ts'
import { publicFieldScopes, toRegionFieldScopes } from '../../schema/root-field-scopes.ts'
import { type Scope, scopes } from '../../schema/scopes.ts'
import { loadRegion } from '../../subgraphs/service/store-settings.ts'
import {
  type RoutedService,
  startThreeServices,
  type ThreeServices,
  toRoutePath,
} from '../support/http/three-services.ts'

const patient = 'nhsNumber: "9990000018"'
/** An operation of each public root field. */
const publicOperations: Readonly<Record<keyof Query | keyof Mutation, string>> = {
  patient: `{ patient(${patient}) { presence } }`,
  patients: '{ patients(nhsNumbers: ["9990000018"]) { presence } }',
  document: '{ document(id: "x") { status } }',
  regions: '{ regions { code } }',
  viewer: '{ viewer { id } }',
  explainAccess: `{ explainAccess(${patient}, viewer: { role: "R0260", organisation: "REM" }) { concealed } }`,
  accesses: `{ accesses(${patient}) { nodes { at } } }`,
  accessesBy: '{ accessesBy(person: "1") { nodes { at } } }',
  openReviews: '{ openReviews { nodes { grant } } }',
  utilisation: '{ utilisation { week } }',
  recordPermission: `mutation { recordPermission(input: { ${patient}, region: CHESHIRE_MERSEYSIDE }) { status } }`,
  withdrawPermission: `mutation { withdrawPermission(input: { ${patient}, region: CHESHIRE_MERSEYSIDE }) { status } }`,
  breakGlass: `mutation { breakGlass(input: { ${patient}, region: CHESHIRE_MERSEYSIDE, barrier: PERMISSION, reason: EMERGENCY, justification: "Unconscious in resus" }) { status } }`,
  reviewOverride:
    'mutation { reviewOverride(input: { grant: "x", office: REGION, outcome: JUSTIFIED, note: "Seen in the department" }) { status } }',
}

/** An operation of each root field of a region's store. */
function regionOperations(slug: 'cheshire-merseyside' | 'lancashire-south-cumbria'): Readonly<Record<string, string>> {
  const { viewField, documentsField, countsField } = loadRegion(slug)
  return {
    [viewField]: `{ ${viewField}(nhsNumbers: ["9990000018"]) { sequence } }`,
    [documentsField]: `{ ${documentsField}(ids: ["x"]) { id } }`,
    [countsField]: `{ ${countsField}(week: "2026-W40", since: "2026-01-01") { total } }`,
    openReviews: '{ openReviews(first: 1) { __typename } }',
    explainAccess: `{ explainAccess(${patient}, viewer: { role: "R0260", organisation: "REM", purpose: "DIRECT_CARE" }) { concealed } }`,
    recordPermission: `mutation { recordPermission(${patient}, basis: CARE_EPISODE_24_HOURS) { __typename } }`,
    withdrawPermission: `mutation { withdrawPermission(${patient}) { __typename } }`,
    breakGlass: `mutation { breakGlass(${patient}, barrier: PERMISSION, reason: EMERGENCY, justification: "Unconscious in resus") { __typename } }`,
    reviewOverride:
      'mutation { reviewOverride(grant: "x", office: REGION, outcome: JUSTIFIED, note: "Seen in the department") { __typename } }',
  }
}

const held: readonly string[] = ['', ...scopes, 'Record RECORD records record:read openid profile']
const others = (scope: Scope): readonly string[] => [
  ...held.filter((one) => one !== scope),
  scopes.filter((one) => one !== scope).join(' '),
]

let opened: ThreeServices
beforeAll(async () => {
  opened = await startThreeServices()
})
afterAll(() => opened[Symbol.asyncDispose]())

interface Answer {
  readonly status: number
  readonly challenge: string | null
  readonly body: {
    readonly data?: unknown
    readonly errors?: readonly { readonly extensions: Readonly<Record<string, unknown>> }[]
  }
}

async function ask(
  { url, routes, headersFor }: RoutedService,
  scope: string,
  body: Readonly<Record<string, unknown>>,
  type = 'application/json',
): Promise<Answer> {
  const { graphql } = routes
  if (!graphql) throw new Error('no graphql')
  const headers = { 'content-type': type, ...(await headersFor(graphql, scope)) }
  const response = await fetch(`${url}${graphql.template}`, { method: 'POST', headers, body: JSON.stringify(body) })
  return {
    status: response.status,
    challenge: response.headers.get('www-authenticate'),
    body: (await response.json()) as Answer['body'],
  }
}

function expectRefused({ status, challenge, body }: Answer, scope: Scope): void {
  expect([status, challenge], JSON.stringify(body)).toEqual([
    403,
    `Bearer error="insufficient_scope", scope="${scope}"`,
  ])
  expect(body).toEqual({
    errors: [
      { message: `Expected a token with the scope ${scope}.`, extensions: { code: 'INSUFFICIENT_SCOPE', scope } },
    ],
  })
}

const codesOf = ({ body }: Answer) => body.errors?.map(({ extensions }) => extensions.code) ?? []

describe.each(['gateway', 'cheshire-merseyside', 'lancashire-south-cumbria'] as const)('a token for %s', (name) => {
  let service: RoutedService
  beforeAll(() => {
    service = opened.services.find((one) => one.name === name) ?? expect.fail(`no ${name}`)
  })
  const operations: Readonly<Record<string, string>> = name === 'gateway' ? publicOperations : regionOperations(name)
  const fieldScopes: Readonly<Record<string, Scope>> =
    name === 'gateway' ? publicFieldScopes : toRegionFieldScopes(loadRegion(name))

  test('the scope test has an operation for each root field', () => {
    expect(Object.keys(operations).sort()).toEqual(Object.keys(fieldScopes).sort())
  })

  test.each(Object.entries(fieldScopes))(
    'a service requires for %s the scope %s, and refuses every other scope, alone or together',
    async (field, scope) => {
      const query = operations[field]
      const answered = await ask(service, scope, { query })
      // Some are for privacy officers, whose role is asked beside the scope: this is a clinician's token.
      expect([
        answered.status,
        codesOf(answered).filter((code) => code !== 'FORBIDDEN' && code !== 'REGION_UNAVAILABLE'),
      ]).toEqual([200, []])
      for (const other of others(scope))
        for (const type of ['application/json', 'application/json; charset=utf-8'])
          expectRefused(await ask(service, other, { query }, type), scope)
    },
  )

  test('a service opens a route only with the scope that the route names', async () => {
    for (const [route, { methods, ...door }] of Object.entries(service.routes)) {
      if (!('scope' in door) || door.scope === 'each-field') continue
      const open = async (scope: string) => {
        const response = await fetch(`${service.url}${toRoutePath({ methods, ...door })}`, {
          method: methods[0],
          headers: await service.headersFor(door, scope),
        })
        await response.arrayBuffer()
        return [response.status, response.headers.get('www-authenticate')] as const
      }
      for (const other of others(door.scope))
        expect([route, ...(await open(other))]).toEqual([
          route,
          403,
          `Bearer error="insufficient_scope", scope="${door.scope}"`,
        ])
      expect([401, 403]).not.toContain((await open(door.scope))[0])
    }
  })
})

test('an operation cannot hide a field from its scope', async () => {
  const [gateway] = opened.services
  if (!gateway) throw new Error('no gateway')
  const field = `patient(${patient}) { presence }`
  const hidden: readonly Readonly<Record<string, unknown>>[] = [
    { query: `{ utilisation: ${field} }` },
    { query: `{ ...F } fragment F on Query { ...G } fragment G on Query { a: ${field} }` },
    { query: `{ ... { ... on Query { ${field} } } }` },
    { query: `{ utilisation { week } ${field} }` },
    { query: `query ($no: Boolean = true) { patient(${patient}) @skip(if: $no) { presence } utilisation { week } }` },
    { query: `query A { utilisation { week } } query B { ${field} }`, operationName: 'B' },
    { query: `query B { ${field} }`, operationName: null },
  ]
  for (const body of hidden) expectRefused(await ask(gateway, 'reports', body), 'record')
  // No name is none of these, wherever it is taken for the name of the only one.
  expect(
    (await ask(gateway, 'reports', { query: `query B { ${field} }`, operationName: '' })).body.data,
  ).toBeUndefined()
  // An operation that is not asked for asks for nothing.
  const { status } = await ask(gateway, 'reports', {
    query: `query A { utilisation { week } } query B { ${field} }`,
    operationName: 'A',
  })
  expect(status).toBe(200)
})

test('a cached answer is not given to a token that has lost the scope', async () => {
  const [gateway] = opened.services
  if (!gateway) throw new Error('no gateway')
  const query = publicOperations.patient
  expect((await ask(gateway, 'record', { query })).status).toBe(200)
  expectRefused(await ask(gateway, 'reports operations publish', { query }), 'record')
})
