import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  createKeyPair,
  type KeyPair,
  regionCodes,
  serviceNames,
  startVerifyingServices,
  storeNames,
  toKeySet,
  type VerifyingServices,
} from '../support/authentication/verifying-services.ts'

const opened = { status: 200, reason: null }
const unknownKey = { status: 401, reason: 'UNKNOWN_KEY' }
const tokenOf = (doors: VerifyingServices, { key, keyId }: KeyPair) =>
  doors.token({ header: { kid: keyId }, key, claims: { jti: crypto.randomUUID() } })
/** The key set's file is read again for an unknown key from now on. */
const pass = (doors: VerifyingServices, ms = 5_000) => {
  doors.clock.nowMs += ms
}

describe("the issuer's keys change without a restart", () => {
  test.each([...serviceNames])(
    '%s: accepts both issuer keys during a rotation, then the new one alone',
    async (door) => {
      await using doors = await startVerifyingServices()
      const next = await createKeyPair('issuer-2')
      expect(await doors.tryToken(door, await tokenOf(doors, next))).toEqual(unknownKey)

      doors.writeKeys('issuer', toKeySet(doors.issuer, next))
      pass(doors)
      expect(await doors.tryToken(door, await tokenOf(doors, next))).toEqual(opened)
      expect(await doors.tryToken(door, await tokenOf(doors, doors.issuer))).toEqual(opened)

      const known = await tokenOf(doors, doors.issuer)
      expect(await doors.tryToken(door, known)).toEqual(opened)
      doors.writeKeys('issuer', toKeySet(next))
      pass(doors, 60_000)
      expect(await doors.tryToken(door, await tokenOf(doors, doors.issuer))).toEqual(unknownKey)
      expect(await doors.tryToken(door, await tokenOf(doors, next))).toEqual(opened)
      pass(doors, 4 * 60_000)
      expect(await doors.tryToken(door, known)).toEqual(unknownKey)
      expect(doors.logged).toEqual([])
    },
  )

  test('a removed issuer key ends within six minutes, however it was used', async () => {
    await using doors = await startVerifyingServices()
    const known = await tokenOf(doors, doors.issuer)
    doors.writeKeys('issuer', toKeySet(await createKeyPair('issuer-2')))
    pass(doors, 60_000 - 1)
    expect(await doors.tryToken('gateway', known)).toEqual(opened)
    pass(doors, 5 * 60_000 - 1)
    expect(await doors.tryToken('gateway', known)).toEqual(opened)
    pass(doors, 1)
    expect(await doors.tryToken('gateway', known)).toEqual(unknownKey)
  })

  test('unknown keys cause a fetch of the key set at most every five seconds', async () => {
    await using doors = await startVerifyingServices()
    const [next, stranger] = [await createKeyPair('issuer-2'), await createKeyPair('stranger')]
    pass(doors)
    expect(await doors.tryToken('gateway', await tokenOf(doors, stranger))).toEqual(unknownKey)
    doors.writeKeys('issuer', toKeySet(doors.issuer, next))
    pass(doors, 5_000 - 1)
    expect(await doors.tryToken('gateway', await tokenOf(doors, next))).toEqual(unknownKey)
    pass(doors, 1)
    expect(await doors.tryToken('gateway', await tokenOf(doors, next))).toEqual(opened)
  })
})

describe("the gateway's key changes without a restart of the stores", () => {
  test.each(storeNames)(
    '%s: accepts the old and the new gateway during a rotation, then the new one alone',
    async (store) => {
      await using doors = await startVerifyingServices()
      const token = await doors.token()
      const next = await createKeyPair('gateway-2')
      const signedBy = (key: KeyPair) => doors.assertion(token, regionCodes[store], key)
      expect(await doors.tryToken(store, token, await signedBy(next))).toEqual(unknownKey)

      doors.writeKeys('gateway', toKeySet(doors.gatewayKey, next))
      pass(doors)
      expect(await doors.tryToken(store, token, await signedBy(next))).toEqual(opened)
      expect(await doors.tryToken(store, token, (await doors.view(token))[store])).toEqual(opened)

      doors.writeKeys('gateway', toKeySet(next))
      pass(doors, 60_000)
      expect(await doors.tryToken(store, token, await signedBy(doors.gatewayKey))).toEqual(unknownKey)
      expect((await doors.view(token))[store]).toBeUndefined()
      expect(await doors.tryToken(store, token, await signedBy(next))).toEqual(opened)
    },
  )
})

describe('an unusable key set file', () => {
  const privateKey = (pair: KeyPair) => JSON.stringify({ keys: [{ ...pair.publicJwk, d: 'c2VjcmV0' }] })
  test.each<[string, (doors: VerifyingServices, next: KeyPair) => string, RegExp]>([
    ['half written', (_, next) => toKeySet(next).slice(0, -20), /found no JSON in/],
    ['empty', () => '', /found no JSON in/],
    ['without keys', () => '{"keys":[]}', /found no keys in/],
    ['with a private key', (_, next) => privateKey(next), /found a private key in/],
  ])('an unusable key set file leaves the former keys in force, and the log says so: %s', async (_, write, says) => {
    await using doors = await startVerifyingServices()
    const next = await createKeyPair('issuer-2')
    doors.writeKeys('issuer', write(doors, next))
    pass(doors)
    expect(await doors.tryToken('gateway', await tokenOf(doors, next))).toEqual(unknownKey)
    expect(await doors.tryToken('gateway', await tokenOf(doors, doors.issuer))).toEqual(opened)
    expect(doors.logged).toEqual([expect.stringMatching(/^Reading keys again failed; the former ones stay in force/)])
    expect(doors.logged[0]).toMatch(says)
    expect(doors.logged[0]).not.toContain('c2VjcmV0')

    doors.writeKeys('issuer', toKeySet(next))
    pass(doors)
    expect(await doors.tryToken('gateway', await tokenOf(doors, next))).toEqual(opened)
  })

  test('a deleted key set file leaves the former keys in force, and the log says so', async () => {
    await using doors = await startVerifyingServices()
    rmSync(doors.files.issuer)
    pass(doors, 60_000)
    expect(await doors.tryToken('gateway', await tokenOf(doors, doors.issuer))).toEqual(opened)
    expect(doors.logged).toEqual([expect.stringMatching(/found no file/)])
  })
})
