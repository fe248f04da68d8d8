import { createPublicKey } from 'node:crypto'
import type { JWTPayload } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createKeyPair,
  serviceNames,
  startVerifyingServices,
  type VerifyingService,
  type VerifyingServices,
} from '../support/authentication/verifying-services.ts'

let doors: VerifyingServices
beforeAll(async () => {
  doors = await startVerifyingServices()
})
afterAll(() => doors[Symbol.asyncDispose]())

const seconds = () => Math.floor(doors.clock.nowMs / 1000)
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const parts = (token: string) => token.split('.') as [string, string, string]

/** The holder's own token with another payload under the same signature. */
function withClaim(token: string, claim: JWTPayload): string {
  const [header, payload, signature] = parts(token)
  return `${header}.${encode({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), ...claim })}.${signature}`
}

/** The holder's own claims under a header of the attacker's. */
function unsigned(token: string, alg: string, signature = ''): string {
  return `${encode({ alg, kid: 'issuer' })}.${parts(token)[1]}.${signature}`
}

const secretOfPublicKey = {
  raw: () => Buffer.from(doors.issuer.publicJwk.x ?? '', 'base64url'),
  PEM: () =>
    Buffer.from(
      createPublicKey({ format: 'jwk', key: { ...doors.issuer.publicJwk } }).export({ format: 'pem', type: 'spki' }),
    ),
  JWK: () => Buffer.from(JSON.stringify(doors.issuer.publicJwk)),
}
const byHmac = (form: keyof typeof secretOfPublicKey) => () =>
  doors.token({ header: { alg: 'HS256' }, key: secretOfPublicKey[form]() })

const refused: readonly [string, string, (valid: string) => string | Promise<string>][] = [
  [
    'whose signature is forged',
    'UNKNOWN_KEY',
    (valid) => `${parts(valid).slice(0, 2).join('.')}.${Buffer.alloc(64, 1).toString('base64url')}`,
  ],
  [
    'whose signature is of another token',
    'UNKNOWN_KEY',
    async (valid) => `${parts(valid).slice(0, 2).join('.')}.${parts(await doors.token({ claims: { sub: '2' } }))[2]}`,
  ],
  ['whose holder is altered', 'UNKNOWN_KEY', (valid) => withClaim(valid, { sub: '2' })],
  [
    'whose role is altered',
    'UNKNOWN_KEY',
    (valid) => withClaim(valid, { nhsid_nrbac_roles: [{ person_roleid: '1', role_code: 'R0001', org_code: 'REM' }] }),
  ],
  ['whose end is put off', 'UNKNOWN_KEY', (valid) => withClaim(valid, { exp: seconds() + 86_400 })],
  ['that has expired', 'EXPIRED', () => doors.token({ claims: { exp: seconds() - 6 } })],
  ['that is not valid yet', 'NOT_YET_VALID', () => doors.token({ claims: { nbf: seconds() + 6 } })],
  ['of algorithm none', 'ALGORITHM_NOT_ALLOWED', (valid) => unsigned(valid, 'none')],
  ['of algorithm nOnE', 'ALGORITHM_NOT_ALLOWED', (valid) => unsigned(valid, 'nOnE')],
  [
    'of algorithm none with the signature left on',
    'ALGORITHM_NOT_ALLOWED',
    (valid) => unsigned(valid, 'none', parts(valid)[2]),
  ],
  ['of algorithm HS256 with the public key as its secret', 'ALGORITHM_NOT_ALLOWED', byHmac('raw')],
  ['of algorithm HS256 with the public key as PEM', 'ALGORITHM_NOT_ALLOWED', byHmac('PEM')],
  ['of algorithm HS256 with the public key as JWK', 'ALGORITHM_NOT_ALLOWED', byHmac('JWK')],
  ['for another audience', 'OTHER_AUDIENCE', () => doors.token({ claims: { aud: 'elsewhere' } })],
  ['of another issuer', 'OTHER_ISSUER', () => doors.token({ claims: { iss: 'https://elsewhere.test' } })],
  [
    'of an unknown key',
    'UNKNOWN_KEY',
    async () => doors.token({ header: { kid: 'theirs' }, key: (await createKeyPair('theirs')).key }),
  ],
  [
    "of another key under the issuer's id",
    'UNKNOWN_KEY',
    async () => doors.token({ key: (await createKeyPair('issuer')).key }),
  ],
  [
    'that brings its own key',
    'UNKNOWN_KEY',
    async () => {
      const { key, publicJwk } = await createKeyPair('issuer')
      return doors.token({ header: { jwk: publicJwk }, key })
    },
  ],
  ['that is an assertion', 'UNKNOWN_KEY', (valid) => doors.assertion(valid, 'share2care')],
  ['that never ends', 'CLAIM_MISSING', () => doors.token({ claims: { exp: undefined } })],
  ['that is no JWT', 'NOT_A_JWT', () => 'nonsense'],
  ['that is two tokens', 'NOT_A_JWT', (valid) => `${valid}.${valid}`],
]
const everywhere = serviceNames.flatMap((door) =>
  refused.map(([name, reason, spoil]) => [door, name, reason, spoil] as const),
)

describe('a refused token', () => {
  test.each(everywhere)(
    "%s: refuses a token %s, whether or not its holder's valid one is cached (%s)",
    async (door, _, reason, spoil) => {
      const valid = await doors.token({ claims: { jti: crypto.randomUUID() } })
      const spoilt = await spoil(valid)
      expect(await doors.tryToken(door, spoilt)).toEqual({ status: 401, reason })
      expect(await doors.tryToken(door, valid)).toEqual({ status: 200, reason: null })
      expect(await doors.tryToken(door, spoilt)).toEqual({ status: 401, reason })
      expect(await doors.tryToken(door, valid)).toEqual({ status: 200, reason: null })
    },
  )

  test.each<VerifyingService>([...serviceNames])('%s: refuses a request without a token (MISSING)', async (door) => {
    await doors.tryToken(door, await doors.token())
    expect(await doors.tryToken(door, null)).toEqual({ status: 401, reason: 'MISSING' })
  })
})
