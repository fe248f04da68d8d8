import { generateKeyPair, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { assertionHeader, createAssertionVerifier, signAssertion } from '../../schema/assertion.ts'
import { signFeedAssertion } from '../../schema/feed-assertion.ts'
import { createFeedStore } from '../support/change-feed/feed-store.ts'
import { createTestService, noon } from '../support/store/test-service.ts'

const context = { purpose: 'DIRECT_CARE', relationship: 'ATTENDING', reason: null, supervisor: null } as const

describe('the feed refuses a subscriber', () => {
  test.each([
    ['without an assertion', 'MISSING', async () => ({})],
    ['with text that is no assertion', 'NOT_A_JWT', async () => ({ [assertionHeader]: 'none' })],
    ['with one that has expired', 'EXPIRED', async (system) => system.headers({ expiresAtMs: Date.now() - 10_000 })],
    [
      'with one for another region',
      'OTHER_AUDIENCE',
      async (system) => system.headers({ region: 'LANCASHIRE_SOUTH_CUMBRIA' }),
    ],
    [
      'with one that would live longer than a minute',
      'NOT_YET_VALID',
      async (system) => system.headers({ expiresAtMs: Date.now() + 120_000 }),
    ],
    [
      'with one of an unknown key',
      'UNKNOWN_KEY',
      async ({ region }) => {
        const { privateKey } = await generateKeyPair('Ed25519')
        return {
          [assertionHeader]: await signFeedAssertion({
            key: privateKey,
            keyId: 'gateway',
            region: region.code,
            expiresAtMs: Date.now() + 60_000,
          }),
        }
      },
    ],
    [
      "with a viewer's assertion",
      'CLAIM_INVALID',
      async ({ region, assertionKey }) => ({
        authorization: 'Bearer token',
        [assertionHeader]: await signAssertion({
          ...assertionKey,
          region: region.code,
          token: 'token',
          context,
          expiresAtMs: Date.now() + 60_000,
        }),
      }),
    ],
  ] as const satisfies readonly (readonly [
    string,
    string,
    (system: Awaited<ReturnType<typeof createFeedStore>>) => Promise<Record<string, string>>,
  ])[])('the feed refuses a subscriber %s', async (_, reason, headersOf) => {
    await using system = await createFeedStore()
    const response = await system.open(await headersOf(system))
    expect(response.status).toBe(401)
    expect((await response.json()).errors[0].extensions).toEqual({ code: 'UNAUTHENTICATED', reason })
    expect(system.looks).toBe(0)
  })

  test('the feed refuses a subscriber with a Last-Event-ID that is no sequence number', async () => {
    await using system = await createFeedStore()
    for (const id of ['-1', '1.5', 'x', '', '99999999999999999999']) {
      const response = await system.open({ ...(await system.headers()), 'last-event-id': id })
      expect([id, response.status]).toEqual([id, 400])
      await response.text()
    }
  })

  test('the feed refuses any method but GET', async () => {
    await using system = await createFeedStore()
    const response = await fetch(`${system.region.url}/changes`, { method: 'POST', headers: await system.headers() })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET'])
  })
})

test("a feed's assertion opens no record, with a viewer's token or without", async () => {
  const { privateKey, publicKey } = await generateKeyPair('Ed25519')
  const own = { key: privateKey, keyId: 'gateway', region: 'CHESHIRE_MERSEYSIDE', expiresAtMs: noon + 60_000 }
  await using system = await createTestService({ gatewayKeys: async () => publicKey })
  const { authorization } = await system.headers()
  const ask = (headers: Record<string, string>) =>
    system.service.fetch(
      new Request('http://store/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{"query":"{ __typename }"}',
      }),
    )
  const feeds = { [assertionHeader]: await signFeedAssertion(own) }
  const viewers = {
    authorization: authorization ?? '',
    [assertionHeader]: await signAssertion({ ...own, token: authorization?.slice(7) ?? '', context }),
  }
  expect((await ask(viewers)).status).toBe(200)
  expect((await ask({ authorization: authorization ?? '', ...feeds })).status).toBe(401)
  expect((await ask(feeds)).status).toBe(401)
})

test('a token with the claims of both kinds has the kind that its type states, and no other', async () => {
  const { privateKey, publicKey } = await generateKeyPair('Ed25519')
  await using system = await createTestService({ gatewayKeys: async () => publicKey })
  const sign = (typ?: string) =>
    new SignJWT({ context, ath: 'x' })
      .setProtectedHeader({ alg: 'Ed25519', kid: 'gateway', ...(typ === undefined ? {} : { typ }) })
      .setIssuer('share2care-gateway')
      .setAudience('CHESHIRE_MERSEYSIDE')
      .setIssuedAt(noon / 1000)
      .setExpirationTime(noon / 1000 + 60)
      .sign(privateKey)
  for (const typ of [undefined, 'JWT', 'at+jwt', 'gateway-assertion+jwt']) {
    const response = await system.service.fetch(
      new Request('http://store/changes', { headers: { [assertionHeader]: await sign(typ) } }),
    )
    expect(response.status).toBe(401)
  }
  const verify = createAssertionVerifier({
    keys: async () => publicKey,
    region: 'CHESHIRE_MERSEYSIDE',
    now: () => noon,
  })
  for (const typ of [undefined, 'JWT', 'at+jwt', 'gateway-feed+jwt'])
    await expect(verify(await sign(typ), 'token')).rejects.toThrow('typ')
  await expect(verify(await sign('gateway-assertion+jwt'), 'token')).rejects.toThrow('ath')
})
