import { createServer, type RequestListener } from 'node:http'
import { expect, test } from 'vitest'
import { demoAudience, demoIssuer, mintToken } from '../../gateway/demo/mint-token.ts'
import { createTokenVerifier, TokenRejected } from '../../schema/access-token.ts'
import { loadKeySet } from '../../schema/key-set.ts'
import type { RejectionReason } from '../../schema/token-rejection.ts'
import {
  createKeyPair,
  type KeyPair,
  serviceNames,
  startVerifyingServices,
  toKeySet,
} from '../support/authentication/verifying-services.ts'
import { listenAnywhere } from '../support/http/listen-anywhere.ts'

const minuteMs = 60_000
const issuer = await createKeyPair('issuer')
const next = await createKeyPair('issuer-2')
let persons = 0

/** A JWK Set's address whose answer a test changes, and a verifier of tokens by it. */
interface Address extends AsyncDisposable {
  answer: RequestListener
  asked: number
  readonly url: string
  readonly clock: { nowMs: number }
  readonly logged: string[]
  /** What becomes of a token that was not verified before. */
  verify(key?: KeyPair): Promise<'accepted' | 'unreachable' | RejectionReason>
}

const withKeys =
  (...keys: readonly KeyPair[]): RequestListener =>
  (_, response) =>
    response.setHeader('content-type', 'application/jwk-set+json; charset=utf-8').end(toKeySet(...keys))
const cutOff: RequestListener = (request) => request.socket.destroy()
const silent: RequestListener = () => {}

async function openAddress(answer: RequestListener): Promise<Address> {
  const server = await listenAnywhere(
    createServer((request, response) => {
      address.asked++
      address.answer(request, response)
    }),
  )
  const clock = { nowMs: 0 }
  const logged: string[] = []
  const log = (message: string, error: unknown) => logged.push(`${message}: ${error}`)
  const keys = loadKeySet(`${server.url}/jwks`, { transport: 'any', timeoutMs: 100, now: () => clock.nowMs, log })
  const verifyToken = createTokenVerifier({ keys, issuer: demoIssuer, audience: demoAudience })
  const address: Address = {
    answer,
    asked: 0,
    url: server.url,
    clock,
    logged,
    async verify(key = issuer) {
      const token = await mintToken(key, { person: String(++persons) })
      return verifyToken(token).then(
        () => 'accepted' as const,
        (error) => (error instanceof TokenRejected ? error.reason : 'unreachable'),
      )
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
  return address
}

const faulty: readonly [string, RequestListener][] = [
  ['cuts the connection off', cutOff],
  ['never answers', silent],
  [
    'answers half and then nothing',
    (_, response) => response.setHeader('content-type', 'application/json').write('{"keys":['),
  ],
  ['answers 500', (_, response) => response.writeHead(500).end()],
  ['answers with a page', (_, response) => response.setHeader('content-type', 'text/html').end(toKeySet(issuer))],
  [
    'answers with what is no JSON',
    (_, response) => response.setHeader('content-type', 'application/json').end('{"keys":['),
  ],
  ['answers with no keys', (_, response) => response.setHeader('content-type', 'application/json').end('{"keys":[]}')],
  [
    'answers with a private key',
    (_, response) =>
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ keys: [{ ...issuer.publicJwk, d: 'c2VjcmV0' }] })),
  ],
  [
    'answers with more than 256 KiB',
    (_, response) =>
      response.setHeader('content-type', 'application/json').end(`${' '.repeat(256 * 1024)}${toKeySet(issuer)}`),
  ],
]

test.each(faulty)(
  'a token is neither accepted nor rejected before the keys are first fetched, because the address %s, and is accepted once that is mended',
  async (_, fault) => {
    await using address = await openAddress(fault)
    expect(await address.verify()).toBe('unreachable')
    address.answer = withKeys(issuer)
    expect([await address.verify(), address.asked]).toEqual(['unreachable', 1])
    address.clock.nowMs += 5_000
    expect([await address.verify(), address.asked]).toEqual(['accepted', 2])
  },
)

test.each(faulty)(
  'a token is accepted for an hour by the keys last fetched, although the address now %s, and the log says so',
  async (_, fault) => {
    await using address = await openAddress(withKeys(issuer))
    expect(await address.verify()).toBe('accepted')
    address.answer = fault
    address.clock.nowMs += 10 * minuteMs
    expect([await address.verify(), address.asked]).toEqual(['accepted', 2])
    expect(address.logged).toEqual([expect.stringMatching(/^Reading keys again failed; the former ones stay in force/)])
    expect(address.logged.join()).not.toContain('c2VjcmV0')
    address.clock.nowMs += 50 * minuteMs - 1
    expect(await address.verify()).toBe('accepted')
    address.clock.nowMs += 5_000
    expect(await address.verify()).toBe('unreachable')
    address.answer = withKeys(next)
    address.clock.nowMs += 5_000
    expect(await address.verify(next)).toBe('accepted')
  },
)

test('the service follows no redirect of the key set address, because it may lead to plain http or another host', async () => {
  await using elsewhere = await openAddress(withKeys(issuer))
  await using address = await openAddress((_, response) =>
    response.writeHead(302, { location: `${elsewhere.url}/jwks` }).end(),
  )
  expect([await address.verify(), elsewhere.asked]).toEqual(['unreachable', 0])
})

test('gateway and stores start while the key set address does not answer, and answer 503 until it does', async () => {
  await using address = await openAddress(cutOff)
  await using doors = await startVerifyingServices({
    tokensBy: (tools) => ({
      keys: loadKeySet(`${address.url}/jwks`, { transport: 'any', ...tools }),
      issuer: 'https://issuer.test',
      audience: 'share2care',
    }),
  })
  const token = await doors.token()
  for (const door of serviceNames)
    expect([door, await doors.tryToken(door, token)]).toEqual([door, { status: 503, reason: null }])
  address.answer = withKeys(doors.issuer)
  doors.clock.nowMs += 5_000
  for (const door of serviceNames)
    expect([door, await doors.tryToken(door, token)]).toEqual([door, { status: 200, reason: null }])
})

test('the service fetches the keys once for many tokens, and once every ten minutes', async () => {
  await using address = await openAddress(withKeys(issuer))
  await Promise.all(Array.from({ length: 20 }, () => address.verify()))
  address.clock.nowMs += 10 * minuteMs - 1
  expect([await address.verify(), address.asked]).toEqual(['accepted', 1])
  address.clock.nowMs += 1
  await Promise.all(Array.from({ length: 20 }, () => address.verify()))
  expect(address.asked).toBe(2)
})

test('unknown keys cause a fetch at most every five seconds, also while the fetch fails', async () => {
  await using address = await openAddress(withKeys(issuer))
  expect(await address.verify()).toBe('accepted')
  address.answer = cutOff
  address.clock.nowMs += 5_000
  for (let count = 0; count < 10; count++) expect(await address.verify(next)).toBe('UNKNOWN_KEY')
  expect(address.asked).toBe(2)
  address.clock.nowMs += 5_000
  expect(await address.verify(next)).toBe('UNKNOWN_KEY')
  expect(address.asked).toBe(3)
})

test('a provider that hangs delays no token of a known key, once a fetch has failed', async () => {
  await using address = await openAddress(withKeys(issuer))
  expect(await address.verify()).toBe('accepted')
  address.answer = cutOff
  address.clock.nowMs += 10 * minuteMs
  expect(await address.verify()).toBe('accepted')
  let isAnswered = false
  const reached = new Promise<void>((resolve) => {
    address.answer = (_, response) => {
      response.on('close', () => {
        isAnswered = true
      })
      resolve()
    }
  })
  address.clock.nowMs += 5_000
  expect(await address.verify()).toBe('accepted')
  await reached
  expect(isAnswered).toBe(false)
})

test.each([
  ['http://user:secret@issuer.test/jwks', /without user and password, found one with them$/],
  ['https://', /found "https:\/\/"$/],
])('the service refuses the key set address %s at start', (location, says) => {
  expect(() => loadKeySet(location, { transport: 'any' })).toThrow(says)
  expect(() => loadKeySet(location, { transport: 'any' })).not.toThrow('secret')
})
