import { createLocalJWKSet, errors, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { createTokenVerifier, toBearerToken } from '../../schema/access-token.ts'
import { createAssertionVerifier, type SignAssertionOptions, signAssertion } from '../../schema/assertion.ts'

const { privateKey, publicKey } = await generateKeyPair('Ed25519')
const other = await generateKeyPair('Ed25519')
const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'ours', alg: 'Ed25519' }] })
const now = Date.parse('2026-11-22T12:00:00Z')
const seconds = now / 1000
const verify = createTokenVerifier({ keys, issuer: 'https://issuer.test', audience: 'share2care', now: () => now })

const claims: JWTPayload = {
  iss: 'https://issuer.test',
  aud: 'share2care',
  sub: '1',
  exp: seconds + 600,
  nhsid_nrbac_roles: [{ person_roleid: '1', role_code: 'R0050', org_code: 'REM' }],
}

const sign = (payload: JWTPayload, { key = privateKey, kid = 'ours' } = {}) =>
  new SignJWT(payload).setProtectedHeader({ alg: 'Ed25519', kid, typ: 'at+jwt' }).sign(key)
const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`
const hmac = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'ours' }).sign(new Uint8Array(32))

describe("the reason for a token's rejection", () => {
  test.each<[string, string, Promise<string> | string]>([
    ['NOT_A_JWT', 'it is not a signed JWT', 'nonsense'],
    ['NOT_A_JWT', 'it is not a signed JWT', 'a.b.c'],
    ['EXPIRED', 'it has expired', sign({ ...claims, exp: seconds - 60 })],
    ['NOT_YET_VALID', 'it is not valid yet', sign({ ...claims, nbf: seconds + 60 })],
    ['UNKNOWN_KEY', 'it is signed by an unknown key', sign(claims, { kid: 'theirs' })],
    ['UNKNOWN_KEY', 'it is signed by an unknown key', sign(claims, { key: other.privateKey })],
    ['OTHER_ISSUER', 'it is of another issuer', sign({ ...claims, iss: 'https://elsewhere.test' })],
    ['OTHER_AUDIENCE', 'it is for another audience', sign({ ...claims, aud: 'elsewhere' })],
    ['ALGORITHM_NOT_ALLOWED', 'its signature algorithm is not allowed', unsigned],
    ['ALGORITHM_NOT_ALLOWED', 'its signature algorithm is not allowed', hmac],
    ['CLAIM_MISSING', 'the claim exp is missing', sign({ ...claims, exp: undefined })],
    ['CLAIM_MISSING', 'the claim iss is missing', sign({ ...claims, iss: undefined })],
    ['CLAIM_MISSING', 'the claim nhsid_nrbac_roles is missing', sign({ ...claims, nhsid_nrbac_roles: undefined })],
    [
      'CLAIM_MISSING',
      'the claim nhsid_nrbac_roles.0.role_code is missing',
      sign({ ...claims, nhsid_nrbac_roles: [{ person_roleid: '1', org_code: 'REM' }] }),
    ],
    ['CLAIM_INVALID', 'the claim nhs_number is not as expected', sign({ ...claims, nhs_number: '9990000019' })],
    [
      'CLAIM_INVALID',
      'the claim selected_roleid is not one of nhsid_nrbac_roles',
      sign({ ...claims, selected_roleid: '2' }),
    ],
  ])('a rejected token gets a reason in plain words, %s: %s', async (reason, text, token) => {
    await expect(verify(await token)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      reason,
      message: `Access token rejected: ${text}`,
    })
  })

  test('a missing token gets the reason MISSING, which names the expected header', () => {
    expect(() => toBearerToken(null)).toThrow(expect.objectContaining({ reason: 'MISSING' }))
  })

  test("keys that cannot be fetched are not reported as the token's fault", async () => {
    const cause = new errors.JWKSTimeout()
    const unreachable = createTokenVerifier({
      keys: () => Promise.reject(cause),
      issuer: 'https://issuer.test',
      audience: 'share2care',
    })
    await expect(unreachable(await sign(claims))).rejects.toBe(cause)
  })
})

describe("the reason for an assertion's rejection", () => {
  const options: SignAssertionOptions = {
    key: privateKey,
    keyId: 'ours',
    region: 'CHESHIRE_MERSEYSIDE',
    token: 'token',
    context: { purpose: 'DIRECT_CARE', relationship: null, reason: null, supervisor: null },
    expiresAtMs: now + 60_000,
  }
  test.each<[string, string, Partial<SignAssertionOptions>]>([
    ['EXPIRED', 'it has expired', { expiresAtMs: now - 60_000 }],
    ['NOT_YET_VALID', 'it is not valid yet', { expiresAtMs: now + 120_000 }],
    ['OTHER_AUDIENCE', 'it is for another audience', { region: 'LANCASHIRE_SOUTH_CUMBRIA' }],
    ['UNKNOWN_KEY', 'it is signed by an unknown key', { key: other.privateKey }],
    ['CLAIM_INVALID', "it is for another viewer's token (ath)", { token: 'another' }],
    ['CLAIM_INVALID', 'the claim context is not as expected', { context: {} as never }],
  ])('a rejected assertion gets a reason in plain words, %s: %s', async (reason, text, change) => {
    const assertion = await signAssertion({ ...options, ...change })
    await expect(
      createAssertionVerifier({ keys, region: options.region, now: () => now })(assertion, 'token'),
    ).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      reason,
      message: `Gateway assertion rejected: ${text}`,
    })
  })
})
