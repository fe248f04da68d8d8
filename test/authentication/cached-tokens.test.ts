import { describe, expect, test } from 'vitest'
import {
  createKeyPair,
  regionCodes,
  serviceNames,
  startVerifyingServices,
  storeNames,
  toKeySet,
  type VerifyingServices,
} from '../support/authentication/verifying-services.ts'

const opened = { status: 200, reason: null }
const refused = (reason: string) => ({ status: 401, reason })
const seconds = (doors: VerifyingServices) => Math.floor(doors.clock.nowMs / 1000)

/** How many signatures were verified for it. */
async function count(doors: VerifyingServices, work: () => Promise<unknown>): Promise<number> {
  const before = doors.verifications()
  await work()
  return doors.verifications() - before
}

describe('a verified token', () => {
  test.each([...serviceNames])('%s: verifies a token once, also when many requests bring it at once', async (door) => {
    await using doors = await startVerifyingServices()
    const [token, other] = [await doors.token(), await doors.token({ claims: { sub: '2' } })]
    const assertion = door === 'gateway' ? null : await doors.assertion(token, regionCodes[door])
    const perToken = door === 'gateway' ? 1 : 2
    const knockOften = () => Promise.all(Array.from({ length: 20 }, () => doors.tryToken(door, token, assertion)))
    expect(await count(doors, async () => expect(await knockOften()).toEqual(Array(20).fill(opened)))).toBe(perToken)
    expect(await count(doors, knockOften)).toBe(0)
    expect(await count(doors, () => doors.tryToken(door, other))).toBe(perToken)
  })

  test.each([...serviceNames])(
    '%s: caches a token until the very millisecond of its expiry, with five seconds for clock skew',
    async (door) => {
      await using doors = await startVerifyingServices()
      doors.clock.nowMs += 250
      const exp = seconds(doors) + 90
      const token = await doors.token({ claims: { exp } })
      expect(await doors.tryToken(door, token)).toEqual(opened)
      doors.clock.nowMs = (exp + 5) * 1000 - 1
      const assertion = door === 'gateway' ? null : await doors.assertion(token, regionCodes[door])
      // The store's one is for the assertion, which is new.
      expect(await count(doors, async () => expect(await doors.tryToken(door, token, assertion)).toEqual(opened))).toBe(
        door === 'gateway' ? 0 : 1,
      )
      doors.clock.nowMs += 1
      expect(await doors.tryToken(door, token, assertion)).toEqual(refused('EXPIRED'))
    },
  )

  test('a cached token whose expiry has fractions of a second expires like an uncached one', async () => {
    await using doors = await startVerifyingServices()
    const token = await doors.token({ claims: { exp: seconds(doors) + 30.5 } })
    await doors.tryToken('gateway', token)
    doors.clock.nowMs += 35_999
    expect([await doors.tryToken('gateway', token), await doors.tryToken('gateway', token)]).toEqual([opened, opened])
    doors.clock.nowMs += 1
    expect(await doors.tryToken('gateway', token)).toEqual(refused('EXPIRED'))
  })

  test('a cached token is verified again after five minutes, and after the clock is set back', async () => {
    await using doors = await startVerifyingServices()
    const token = await doors.token({ claims: { nbf: seconds(doors) } })
    await doors.tryToken('gateway', token)
    doors.clock.nowMs += 5 * 60_000 - 1
    expect(await count(doors, () => doors.tryToken('gateway', token))).toBe(0)
    doors.clock.nowMs += 1
    expect(await count(doors, () => doors.tryToken('gateway', token))).toBe(1)
    doors.clock.nowMs -= 6 * 60_000
    expect(await doors.tryToken('gateway', token)).toEqual(refused('NOT_YET_VALID'))
  })

  test.each([...serviceNames])('%s: accepts a token that was refused once the cause is gone', async (door) => {
    await using doors = await startVerifyingServices()
    const early = await doors.token({ claims: { nbf: seconds(doors) + 60 } })
    expect(await doors.tryToken(door, early)).toEqual(refused('NOT_YET_VALID'))
    doors.clock.nowMs += 55_000
    expect(await doors.tryToken(door, early)).toEqual(opened)
  })
})

describe('a verified assertion', () => {
  test.each(storeNames)('%s: caches an assertion until the very millisecond of its expiry', async (store) => {
    await using doors = await startVerifyingServices()
    const token = await doors.token()
    const expiresAtMs = doors.clock.nowMs + 60_000
    const assertion = await doors.assertion(token, regionCodes[store], { expiresAtMs })
    expect(await doors.tryToken(store, token, assertion)).toEqual(opened)
    doors.clock.nowMs = expiresAtMs + 5_000 - 1
    expect(await count(doors, async () => expect(await doors.tryToken(store, token, assertion)).toEqual(opened))).toBe(
      0,
    )
    doors.clock.nowMs += 1
    expect(await doors.tryToken(store, token, assertion)).toEqual(refused('EXPIRED'))
  })

  test.each(storeNames)('%s: an assertion signed with a removed key ends with its minute', async (store) => {
    await using doors = await startVerifyingServices()
    const token = await doors.token()
    const expiresAtMs = doors.clock.nowMs + 60_000
    const known = await doors.assertion(token, regionCodes[store], { expiresAtMs })
    expect(await doors.tryToken(store, token, known)).toEqual(opened)
    doors.writeKeys('gateway', toKeySet(await createKeyPair('next')))
    doors.clock.nowMs += 60_000
    expect(await doors.tryToken(store, token, await doors.assertion(token, regionCodes[store]))).toEqual(
      refused('UNKNOWN_KEY'),
    )
    doors.clock.nowMs = expiresAtMs + 5_000
    expect((await doors.tryToken(store, token, known)).status).toBe(401)
  })
})
