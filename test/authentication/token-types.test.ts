import type { JWTPayload } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTokenVerifier } from '../../schema/access-token.ts'
import { loadKeySet } from '../../schema/key-set.ts'
import {
  serviceNames,
  startVerifyingServices,
  type TokenChange,
  type VerifyingServices,
} from '../support/authentication/verifying-services.ts'

let doors: VerifyingServices
beforeAll(async () => {
  doors = await startVerifyingServices()
})
afterAll(() => doors[Symbol.asyncDispose]())

/** Keycloak's access token, but for what is said. */
const keycloak = (claims: JWTPayload = {}): TokenChange => ({
  header: { typ: 'JWT' },
  claims: { typ: 'Bearer', azp: 'viewer', scope: '', ...claims },
})
/** An access token of another provider that types it JWT. */
const plain = (claims: JWTPayload = {}): TokenChange => ({
  header: { typ: 'JWT' },
  claims: { client_id: 'viewer', ...claims },
})

describe('by default', () => {
  const typed = (typ: string | undefined): TokenChange => ({ header: { typ } })
  test.each(['at+jwt', 'application/at+jwt', 'AT+JWT', 'Application/At+Jwt'])(
    'every endpoint accepts a token of type %s',
    async (typ) => {
      for (const door of serviceNames)
        expect(await doors.tryToken(door, await doors.token(typed(typ)))).toEqual({ status: 200, reason: null })
    },
  )

  test.each([
    undefined,
    '',
    'JWT',
    'jwt',
    'application/jwt',
    'logout+jwt',
    'gateway-assertion+jwt',
    'dpop+jwt',
    'at+jwt ',
  ])('every endpoint refuses a token of type %s', async (typ) => {
    for (const door of serviceNames)
      expect(await doors.tryToken(door, await doors.token(typed(typ)))).toEqual({
        status: 401,
        reason: 'TYPE_NOT_ALLOWED',
      })
  })

  test.each([
    { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' },
    { 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2' },
  ])("a token bound to its sender's key (%o) is refused, because no service here checks that proof", async (cnf) => {
    for (const door of serviceNames)
      expect(await doors.tryToken(door, await doors.token({ claims: { cnf } }))).toEqual({
        status: 401,
        reason: 'SENDER_CONSTRAINED',
      })
  })
})

describe('with JWT among the accepted types', () => {
  const verdictOn = async (change: TokenChange): Promise<string> => {
    const keys = loadKeySet(doors.files.issuer, { transport: 'any' })
    const verify = createTokenVerifier({
      keys,
      issuer: 'https://issuer.test',
      audience: 'share2care',
      types: ['at+jwt', 'JWT'],
      now: () => doors.clock.nowMs,
    })
    return verify(await doors.token(change)).then(
      () => 'accepted',
      (error) => `${error.reason}: ${error.message}`,
    )
  }

  test.each<[string, TokenChange]>([
    ["Keycloak's access token", keycloak()],
    ["another provider's, which names its client", plain()],
    ["another provider's, which has scopes", plain({ client_id: undefined, scope: 'record' })],
    ['at+jwt as before', {}],
  ])('a service that accepts the type JWT accepts %s', async (_, change) => {
    expect(await verdictOn(change)).toBe('accepted')
  })

  const not = 'NOT_AN_ACCESS_TOKEN: Access token rejected: it'
  test.each<[string, TokenChange, string]>([
    ["Keycloak's ID token", keycloak({ typ: 'ID' }), `${not} is no access token: its claim typ is not Bearer`],
    [
      "Keycloak's refresh token",
      keycloak({ typ: 'Refresh' }),
      `${not} is no access token: its claim typ is not Bearer`,
    ],
    [
      "Keycloak's offline token",
      keycloak({ typ: 'Offline' }),
      `${not} is no access token: its claim typ is not Bearer`,
    ],
    ["Keycloak's logout token", keycloak({ typ: 'Logout' }), `${not} is no access token: its claim typ is not Bearer`],
    [
      'a token whose claim typ is not text',
      keycloak({ typ: ['Bearer'] }),
      `${not} is no access token: its claim typ is not Bearer`,
    ],
    ['an ID token with a nonce', plain({ nonce: 'n' }), `${not} is no access token: it has the claim nonce`],
    ['an ID token of the code flow', plain({ at_hash: 'h' }), `${not} is no access token: it has the claim at_hash`],
    ['an ID token of the hybrid flow', plain({ c_hash: 'h' }), `${not} is no access token: it has the claim c_hash`],
    ['an ID token of FAPI', plain({ s_hash: 'h' }), `${not} is no access token: it has the claim s_hash`],
    [
      'a logout token',
      plain({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }),
      `${not} is no access token: it has the claim events`,
    ],
    [
      'an ID token of the refresh grant, which has none of these',
      plain({ client_id: undefined, scope: undefined }),
      `${not} does not show that it is an access token: it has none of the claims scope, client_id`,
    ],
    [
      'a token without a type',
      { header: { typ: undefined } },
      'TYPE_NOT_ALLOWED: Access token rejected: its type is not at+jwt or JWT (the header typ)',
    ],
    [
      'a token for another audience',
      keycloak({ aud: 'account' }),
      'OTHER_AUDIENCE: Access token rejected: it is for another audience',
    ],
  ])('a service that accepts the type JWT refuses %s', async (_, change, says) => {
    expect(await verdictOn(change)).toBe(says)
  })
})

test('a token of more than 12 KiB is refused before a key is looked up, however it is made', async () => {
  const long = await doors.token({ claims: { padding: 'x'.repeat(12 * 1024) } })
  const before = doors.verifications()
  for (const token of [long, 'x'.repeat(1_000_000), `${'x'.repeat(20_000)}.x.x`]) {
    for (const door of serviceNames)
      expect(await doors.tryToken(door, token)).toEqual({ status: 401, reason: 'TOO_LONG' })
  }
  expect(doors.verifications()).toBe(before)
})

test('an assertion of more than 4 KiB is refused before a key is looked up', async () => {
  const token = await doors.token()
  expect(await doors.tryToken('cheshire-merseyside', token)).toEqual({ status: 200, reason: null })
  const before = doors.verifications()
  expect(await doors.tryToken('cheshire-merseyside', token, 'x'.repeat(4097))).toEqual({
    status: 401,
    reason: 'TOO_LONG',
  })
  expect(doors.verifications()).toBe(before)
})
