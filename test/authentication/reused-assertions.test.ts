import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
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

const newToken = () => doors.token({ claims: { jti: crypto.randomUUID() } })

describe('the assertions that the gateway sends to the stores', () => {
  test('the gateway signs one assertion per region for a token and an access context, which lasts a minute', async () => {
    const token = await newToken()
    const sent = await doors.view(token)
    const claims = storeNames.map((store) => decodeJwt(sent[store] ?? ''))
    expect(claims).toMatchObject(
      storeNames.map((store) => ({ aud: regionCodes[store], context: { purpose: 'DIRECT_CARE' } })),
    )
    expect(claims.map(({ exp = 0, iat = 0 }) => exp - iat)).toEqual([60, 60])
  })

  test('the gateway reuses an assertion while 15 s of it remain, and signs a new one after that', async () => {
    const token = await newToken()
    const first = await doors.view(token)
    doors.clock.nowMs += 45_000 - 1
    expect(await doors.view(token)).toEqual(first)
    doors.clock.nowMs += 1
    const next = await doors.view(token)
    for (const store of storeNames) {
      expect(next[store]).toEqual(expect.any(String))
      expect(next[store]).not.toBe(first[store])
    }
  })

  test('the gateway signs another assertion for another access context, and for another token of the same person', async () => {
    const token = await newToken()
    const [plain, visiting, again, other] = [
      await doors.view(token),
      await doors.view(token, '{ relationship: ATTENDING }'),
      await doors.view(token),
      await doors.view(await newToken()),
    ]
    for (const store of storeNames) {
      expect(decodeJwt(visiting[store] ?? '')).toMatchObject({ context: { relationship: 'ATTENDING' } })
      expect(new Set([plain[store], visiting[store], other[store]]).size).toBe(3)
      expect(again[store]).toBe(plain[store])
    }
  })
})
