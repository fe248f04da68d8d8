import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTokenVerifier, type TokenVerifierOptions } from '../../schema/access-token.ts'
import { loadKeySet } from '../../schema/key-set.ts'
import { loadClaimTable } from '../../schema/token-claims/claim-table.ts'
import type { TokenType } from '../../schema/token-type.ts'
import {
  type IdentityProvider,
  startIdentityProvider,
  tokenLifeSeconds,
} from '../support/authentication/identity-provider.ts'
import {
  serviceNames,
  startVerifyingServices,
  type VerifyingServices,
} from '../support/authentication/verifying-services.ts'
import { createServiceProcesses } from '../support/service-processes.ts'

const opened = { status: 200, reason: null }
const refused = (reason: string) => ({ status: 401, reason })

const cis2 = {
  name: 'Dr Ada Sample',
  nhsid_useruid: '555036632103',
  selected_roleid: '2',
  nhsid_nrbac_roles: [
    { person_roleid: '1', role_code: 'S8000:G8000:R8001', org_code: 'RXN' },
    {
      person_roleid: '2',
      role_code: 'S0010:G0020:R0050',
      role_name: '"Medical":"Consultant"',
      org_code: 'REM',
      org_name: 'LIVERPOOL UNIVERSITY HOSPITALS',
      aow: ['"Medicine":"Genito-urinary Medicine"'],
    },
  ],
}
const keycloak = {
  typ: 'Bearer',
  azp: 'e-xchange',
  sid: '0b8b2c1e-2ffa-4b64-9e0c-55b3b0bb7a6a',
  acr: '1',
  preferred_username: 'ada.sample',
  name: 'Ada Sample',
  cis2_user_id: '555036632103',
  organisation: ['REM'],
  realm_access: { roles: ['default-roles-nhs', 'offline_access', 'uma_authorization', 'Consultant'] },
  resource_access: {
    share2care: { roles: ['share2care-record', 'record'] },
    account: { roles: ['share2care-publish'] },
  },
}

/** The three doors, which accept the provider's tokens by these rules. */
async function openDoorsTo(
  provider: IdentityProvider,
  rules: Partial<TokenVerifierOptions> = {},
): Promise<VerifyingServices> {
  const tokensBy = (tools: Pick<Parameters<typeof loadKeySet>[1], 'now' | 'log'>) => ({
    keys: loadKeySet(provider.jwksUri, { transport: 'any', ...tools }),
    issuer: provider.issuer,
    audience: 'share2care',
    ...rules,
  })
  return startVerifyingServices({ nowMs: Date.now(), tokensBy })
}

const holderOf = (provider: IdentityProvider, token: string, rules: Partial<TokenVerifierOptions> = {}) =>
  createTokenVerifier({
    keys: loadKeySet(provider.jwksUri, { transport: 'any' }),
    issuer: provider.issuer,
    audience: 'share2care',
    ...rules,
  })(token)

describe('a provider with the claims of NHS CIS2', () => {
  let provider: IdentityProvider
  let doors: VerifyingServices
  beforeAll(async () => {
    provider = await startIdentityProvider({ claims: cis2 })
    doors = await openDoorsTo(provider)
  })
  afterAll(async () => {
    await doors[Symbol.asyncDispose]()
    await provider[Symbol.asyncDispose]()
  })

  test.each([...serviceNames])('%s accepts the access token of a CIS2-like provider', async (door) => {
    expect(await doors.tryToken(door, await provider.accessToken('nationalrbacaccess'))).toEqual(opened)
  })

  test.each([...serviceNames])(
    "%s accepts a signed-in person's access token and refuses the ID token beside it",
    async (door) => {
      const { accessToken, idToken } = await provider.signIn('nationalrbacaccess')
      expect(await doors.tryToken(door, accessToken)).toEqual(opened)
      expect(await doors.tryToken(door, idToken)).toEqual(refused('TYPE_NOT_ALLOWED'))
    },
  )

  test.each([...serviceNames])(
    "%s refuses a provider's tokens for another audience, opaque ones and expired ones",
    async (door) => {
      expect(await doors.tryToken(door, await provider.accessToken('record', 'elsewhere'))).toEqual(
        refused('OTHER_AUDIENCE'),
      )
      expect(await doors.tryToken(door, await provider.accessToken('record', 'opaque'))).toEqual(refused('NOT_A_JWT'))
      const token = await provider.accessToken('record')
      expect(await doors.tryToken(door, token)).toEqual(opened)
      doors.clock.nowMs += (tokenLifeSeconds + 60) * 1000
      expect(await doors.tryToken(door, token)).toEqual(refused('EXPIRED'))
      doors.clock.nowMs -= (tokenLifeSeconds + 60) * 1000
    },
  )

  test("the token's holder is the person in the selected role, and nationalrbacaccess gives the scope record", async () => {
    expect(await holderOf(provider, await provider.accessToken('nationalrbacaccess'))).toMatchObject({
      id: '555036632103',
      name: 'Dr Ada Sample',
      role: { code: 'R0050', display: '"Medical":"Consultant"' },
      areaOfWork: 'GENITOURINARY_MEDICINE',
      organisation: { odsCode: 'REM', name: 'LIVERPOOL UNIVERSITY HOSPITALS' },
      scopes: ['record'],
    })
  })
})

describe('a provider with the claims of Keycloak', () => {
  const rules = {
    claims: loadClaimTable(new URL('../../schema/token-claims/keycloak.json', import.meta.url)),
    types: ['at+jwt', 'JWT'] as readonly TokenType[],
  }

  test("a Keycloak-like provider's JWT is accepted when TOKEN_TYPES names JWT, and refused otherwise", async () => {
    await using provider = await startIdentityProvider({ claims: keycloak, typ: 'JWT' })
    await using open = await openDoorsTo(provider, rules)
    const { accessToken, idToken } = await provider.signIn('')
    for (const door of serviceNames) {
      expect(await open.tryToken(door, accessToken)).toEqual(opened)
      expect(await open.tryToken(door, idToken)).toEqual(refused('TYPE_NOT_ALLOWED'))
    }
    await expect(holderOf(provider, accessToken, { claims: rules.claims })).rejects.toMatchObject({
      reason: 'TYPE_NOT_ALLOWED',
    })
  })

  test("a Keycloak-like provider's roles and attributes name the holder, and its scope maps to one scope here alone", async () => {
    await using provider = await startIdentityProvider({ claims: keycloak, typ: 'JWT' })
    expect(await holderOf(provider, await provider.accessToken('operations'), rules)).toMatchObject({
      id: '555036632103',
      name: 'Ada Sample',
      role: { code: 'R0050', display: null },
      areaOfWork: null,
      nhsNumber: null,
      organisation: { odsCode: 'REM', name: null },
      purpose: null,
      scopes: ['record'],
    })
  })

  test.each([
    [
      'no role of the table',
      { realm_access: { roles: ['offline_access'] } },
      'the claim realm_access.roles is not as expected',
    ],
    [
      'two roles of the table',
      { realm_access: { roles: ['Consultant', 'Pharmacist'] } },
      'the claim realm_access.roles is not as expected',
    ],
    ['two organisations', { organisation: ['REM', 'RXN'] }, 'the claim organisation is not as expected'],
    ['no id of a person', { cis2_user_id: undefined }, 'the claim cis2_user_id is missing'],
  ])("a Keycloak-like provider's token with %s is refused", async (_, claims, text) => {
    await using provider = await startIdentityProvider({ claims: { ...keycloak, ...claims }, typ: 'JWT' })
    await expect(holderOf(provider, await provider.accessToken(''), rules)).rejects.toThrow(
      `Access token rejected: ${text}`,
    )
  })
})

test("the services follow a provider's keys as it changes them", async () => {
  await using provider = await startIdentityProvider({ claims: cis2 })
  await using doors = await openDoorsTo(provider)
  const former = await provider.accessToken('record')
  const formerToo = await provider.accessToken('record')
  expect(await doors.tryToken('gateway', former)).toEqual(opened)

  await provider.rotateKeys('stay')
  const next = await provider.accessToken('record')
  expect(await doors.tryToken('gateway', next)).toEqual(refused('UNKNOWN_KEY'))
  doors.clock.nowMs += 5_000
  expect(await doors.tryToken('gateway', next)).toEqual(opened)
  expect(await doors.tryToken('gateway', formerToo)).toEqual(opened)

  await provider.rotateKeys('go')
  doors.clock.nowMs += 5_000
  expect(await doors.tryToken('gateway', await provider.accessToken('record'))).toEqual(opened)
  // What was verified is remembered for five minutes; what was not is verified by the new keys.
  expect(await doors.tryToken('cheshire-merseyside', formerToo)).toEqual(refused('UNKNOWN_KEY'))
})

test("gateway and store processes accept a provider's tokens by their settings alone", async () => {
  await using provider = await startIdentityProvider({ claims: keycloak, typ: 'JWT' })
  await using processes = await createServiceProcesses()
  const environment = {
    TOKEN_ISSUER: provider.issuer,
    TOKEN_KEYS: provider.jwksUri,
    TOKEN_TYPES: 'at+jwt,JWT',
    TOKEN_CLAIMS: fileURLToPath(new URL('../../schema/token-claims/keycloak.json', import.meta.url)),
  }
  await Promise.all([processes.startGateway(environment), processes.startStore('cheshire-merseyside', environment)])
  const ask = async (token: string) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const query =
      '{ viewer { id role { code } organisation { odsCode } } patient(nhsNumber: "9990000018") { completeness { regions { region { code } status } } } }'
    const response = await fetch(`${processes.gatewayUrl()}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query }),
    })
    return { status: response.status, body: await response.json() }
  }
  const { accessToken, idToken } = await provider.signIn('share2care-record')
  expect(await ask(accessToken)).toMatchObject({
    status: 200,
    body: {
      data: {
        viewer: { id: '555036632103', role: { code: 'R0050' }, organisation: { odsCode: 'REM' } },
        patient: {
          completeness: {
            regions: [
              // Decided by the store, once it has accepted the token.
              { region: { code: 'CHESHIRE_MERSEYSIDE' }, status: 'RELATIONSHIP_REQUIRED' },
              { region: { code: 'LANCASHIRE_SOUTH_CUMBRIA' }, status: 'UNREACHABLE' },
            ],
          },
        },
      },
    },
  })
  expect(await ask(idToken)).toMatchObject({
    status: 401,
    body: { errors: [{ extensions: { reason: 'TYPE_NOT_ALLOWED' } }] },
  })
})
