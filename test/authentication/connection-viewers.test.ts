import { errors, generateKeyPair } from 'jose'
import { expect, test } from 'vitest'
import { demoAudience, demoIssuer, mintToken } from '../../gateway/demo/mint-token.ts'
import { createAuthentication, type GatewayRequest } from '../../gateway/server/authentication.ts'
import { createTokenVerifier } from '../../schema/access-token.ts'
import { RoutedRequest } from '../../schema/service/routed-request.ts'
import { createRouter } from '../../schema/service/router.ts'
import { gatewayRoutes } from '../../schema/service/routes.ts'

const minuteMs = 60_000

/** One connection that brings one token again and again; the issuer's key may be withdrawn. */
async function connect() {
  const { privateKey, publicKey } = await generateKeyPair('Ed25519')
  const token = await mintToken({ key: privateKey, keyId: 'issuer' })
  const connection = { nowMs: Date.now(), withdrawn: false, verifications: 0, whileVerifying: () => {} }
  const now = () => connection.nowMs
  const keys = async () => {
    connection.verifications++
    if (connection.withdrawn) throw new errors.JWKSNoMatchingKey()
    connection.whileVerifying()
    return publicKey
  }
  const authenticate = createAuthentication({
    verifyToken: createTokenVerifier({ keys, issuer: demoIssuer, audience: demoAudience, now }),
    log: () => {},
    now,
  })
  const match = createRouter(gatewayRoutes, []).decide('POST', '/graphql')
  if (match.status !== 'matched') throw new Error('Expected the route of GraphQL')
  const presented = { authorization: `Bearer ${token}`, connection: {} }
  const isLetIn = async () => {
    const request: GatewayRequest = new RoutedRequest(match, 'http://127.0.0.1')
    return (await authenticate(request, presented)) === null
  }
  return Object.assign(connection, { isLetIn })
}

test('a token that a connection sends again is verified anew after five minutes, because its key may be gone', async () => {
  const connection = await connect()
  expect(await connection.isLetIn()).toBe(true)
  connection.withdrawn = true
  connection.nowMs += 5 * minuteMs - 1
  expect([await connection.isLetIn(), connection.verifications]).toEqual([true, 1])
  connection.nowMs += 1
  expect([await connection.isLetIn(), connection.verifications]).toEqual([false, 2])
})

test('a token that a connection sends again is verified anew after the clock is set back, even during verification', async () => {
  const [since, meanwhile] = [await connect(), await connect()]
  await since.isLetIn()
  since.withdrawn = true
  since.nowMs -= 1
  expect(await since.isLetIn()).toBe(false)
  meanwhile.whileVerifying = () => {
    meanwhile.nowMs -= 60 * minuteMs
  }
  await meanwhile.isLetIn()
  meanwhile.withdrawn = true
  expect(await meanwhile.isLetIn()).toBe(false)
})
