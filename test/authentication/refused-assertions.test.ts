import { type JWTPayload, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  context,
  createKeyPair,
  regionCodes,
  startVerifyingServices,
  storeNames,
  type VerifyingServices,
} from '../support/authentication/verifying-services.ts'

let doors: VerifyingServices
beforeAll(async () => {
  doors = await startVerifyingServices()
})
afterAll(() => doors[Symbol.asyncDispose]())

const seconds = () => Math.floor(doors.clock.nowMs / 1000)
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const parts = (assertion: string) => assertion.split('.') as [string, string, string]
const payloadOf = (assertion: string): JWTPayload =>
  JSON.parse(Buffer.from(parts(assertion)[1], 'base64url').toString())
const opened = { status: 200, reason: null }

/** The gateway's own key, and the valid claims with others in their place. */
const signed = (
  valid: string,
  change: JWTPayload,
  alg = 'Ed25519',
  key: Parameters<SignJWT['sign']>[0] = doors.gatewayKey.key,
) =>
  new SignJWT({ ...payloadOf(valid), ...change })
    .setProtectedHeader({ alg, kid: 'gateway', typ: 'gateway-assertion+jwt' })
    .sign(key)

type Spoil = (valid: string, token: string, region: string) => string | null | Promise<string>
const otherRegion = (region: string) => Object.values(regionCodes).find((other) => other !== region) ?? ''
const refused: readonly [string, string, Spoil][] = [
  ['none', 'MISSING', () => null],
  ['an empty one', 'MISSING', () => ''],
  [
    'one whose signature is forged',
    'UNKNOWN_KEY',
    (valid) => `${parts(valid).slice(0, 2).join('.')}.${Buffer.alloc(64, 1).toString('base64url')}`,
  ],
  [
    'one altered to an emergency',
    'UNKNOWN_KEY',
    (valid) =>
      `${parts(valid)[0]}.${encode({ ...payloadOf(valid), context: { ...context, purpose: 'EMERGENCY' } })}.${parts(valid)[2]}`,
  ],
  [
    'one of algorithm none',
    'ALGORITHM_NOT_ALLOWED',
    (valid) => `${encode({ alg: 'none', kid: 'gateway' })}.${parts(valid)[1]}.`,
  ],
  [
    'one of algorithm HS256 with the public key as its secret',
    'ALGORITHM_NOT_ALLOWED',
    (valid) => signed(valid, {}, 'HS256', Buffer.from(doors.gatewayKey.publicJwk.x ?? '', 'base64url')),
  ],
  [
    'one that has expired',
    'EXPIRED',
    (_, token, region) => doors.assertion(token, region, { expiresAtMs: doors.clock.nowMs - 6_000 }),
  ],
  [
    'one that is not valid yet',
    'NOT_YET_VALID',
    (_, token, region) => doors.assertion(token, region, { expiresAtMs: doors.clock.nowMs + 66_000 }),
  ],
  ['one good for longer than 60 s', 'CLAIM_INVALID', (valid) => signed(valid, { exp: seconds() + 61 })],
  ['one that never ends', 'CLAIM_MISSING', (valid) => signed(valid, { exp: undefined })],
  ['one that says not when it was signed', 'CLAIM_MISSING', (valid) => signed(valid, { iat: undefined })],
  ["the other region's", 'OTHER_AUDIENCE', (_, token, region) => doors.assertion(token, otherRegion(region))],
  ['one of another issuer', 'OTHER_ISSUER', (valid) => signed(valid, { iss: 'https://issuer.test' })],
  [
    'one bound to another token',
    'CLAIM_INVALID',
    async (_, __, region) => doors.assertion(await doors.token({ claims: { sub: '2' } }), region),
  ],
  ['one bound to no token', 'CLAIM_MISSING', (valid) => signed(valid, { ath: undefined })],
  ['one without an access context', 'CLAIM_MISSING', (valid) => signed(valid, { context: undefined })],
  [
    'one whose access context is unknown',
    'CLAIM_INVALID',
    (valid) => signed(valid, { context: { ...context, purpose: 'RESEARCH' } }),
  ],
  [
    "one of another gateway's key",
    'UNKNOWN_KEY',
    async (_, token, region) => doors.assertion(token, region, await createKeyPair('another')),
  ],
  [
    "one of another gateway's key under this one's id",
    'UNKNOWN_KEY',
    async (_, token, region) => doors.assertion(token, region, await createKeyPair('gateway')),
  ],
  ["the viewer's own token in its place", 'UNKNOWN_KEY', (_, token) => token],
]
const everywhere = storeNames.flatMap((store) =>
  refused.map(([name, reason, spoil]) => [store, name, reason, spoil] as const),
)

describe('a refused assertion', () => {
  test.each(everywhere)(
    '%s: refuses an assertion %s, whether or not the valid one is cached (%s)',
    async (store, _, reason, spoil) => {
      const token = await doors.token({ claims: { jti: crypto.randomUUID() } })
      const valid = await doors.assertion(token, regionCodes[store])
      const spoilt = await spoil(valid, token, regionCodes[store])
      expect(await doors.tryToken(store, token, spoilt)).toEqual({ status: 401, reason })
      expect(await doors.tryToken(store, token, valid)).toEqual(opened)
      expect(await doors.tryToken(store, token, spoilt)).toEqual({ status: 401, reason })
      expect(await doors.tryToken(store, token, valid)).toEqual(opened)
    },
  )

  test.each(storeNames)("%s: refuses a cached assertion without the viewer's token (MISSING)", async (store) => {
    const token = await doors.token()
    const valid = await doors.assertion(token, regionCodes[store])
    expect(await doors.tryToken(store, token, valid)).toEqual(opened)
    expect(await doors.tryToken(store, null, valid)).toEqual({ status: 401, reason: 'MISSING' })
  })

  test.each(storeNames)(
    '%s: refuses a cached assertion with another cached token of the same person (CLAIM_INVALID)',
    async (store) => {
      const [token, other] = [await doors.token(), await doors.token({ claims: { jti: 'another' } })]
      const valid = await doors.assertion(token, regionCodes[store])
      expect(await doors.tryToken(store, token, valid)).toEqual(opened)
      expect(await doors.tryToken(store, other)).toEqual(opened)
      expect(await doors.tryToken(store, other, valid)).toEqual({ status: 401, reason: 'CLAIM_INVALID' })
    },
  )
})

test('an assertion that the gateway sent to one region opens that store again within its minute, and never the other', async () => {
  const token = await doors.token()
  const { 'cheshire-merseyside': toCheshire = '', 'lancashire-south-cumbria': toLancashire = '' } =
    await doors.view(token)
  expect(await doors.tryToken('cheshire-merseyside', token, toCheshire)).toEqual(opened)
  expect(await doors.tryToken('lancashire-south-cumbria', token, toLancashire)).toEqual(opened)
  expect(await doors.tryToken('lancashire-south-cumbria', token, toCheshire)).toEqual({
    status: 401,
    reason: 'OTHER_AUDIENCE',
  })
  expect(await doors.tryToken('cheshire-merseyside', token, toLancashire)).toEqual({
    status: 401,
    reason: 'OTHER_AUDIENCE',
  })
})
