import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  regionCodes,
  serviceNames,
  startVerifyingServices,
  storeNames,
  type VerifyingServices,
} from '../support/authentication/verifying-services.ts'

let doors: VerifyingServices
beforeAll(async () => {
  doors = await startVerifyingServices()
})
afterAll(() => doors[Symbol.asyncDispose]())

const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.']
const alteration = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  by: fc.constantFrom(...alphabet),
})
type Alteration = typeof alteration extends fc.Arbitrary<infer T> ? T : never

function alter(jws: string, { at, by }: Alteration): string {
  const index = Math.floor(at * jws.length)
  return jws.slice(0, index) + by + jws.slice(index + 1)
}

/**
 * Whether both are the same text signed, by the same bytes: the last character of a signature has four bits without
 * meaning.
 */
function isSame(jws: string, other: string): boolean {
  const [signed, signature] = toSigned(jws)
  const [otherSigned, otherSignature] = toSigned(other)
  return signed === otherSigned && signature === otherSignature
}

function toSigned(jws: string): readonly [string, string] {
  const end = jws.lastIndexOf('.')
  return [jws.slice(0, end), Buffer.from(jws.slice(end + 1), 'base64url').toString('hex')]
}

describe('a token or assertion with one altered character', () => {
  test.each([...serviceNames])(
    '%s: refuses a token with one altered character, although the valid token is cached',
    async (door) => {
      const valid = await doors.token()
      const refuses = async (change: Alteration) => {
        const altered = alter(valid, change)
        fc.pre(!isSame(altered, valid))
        expect(await doors.tryToken(door, valid)).toMatchObject({ status: 200 })
        expect(await doors.tryToken(door, altered)).toMatchObject({ status: 401, reason: expect.any(String) })
      }
      await fc.assert(fc.asyncProperty(alteration, refuses), { numRuns: 200 })
    },
  )

  test.each([...storeNames])(
    '%s: refuses an assertion with one altered character, although the valid assertion is cached',
    async (store) => {
      const token = await doors.token()
      const valid = await doors.assertion(token, regionCodes[store])
      const refuses = async (change: Alteration) => {
        const altered = alter(valid, change)
        fc.pre(!isSame(altered, valid))
        expect(await doors.tryToken(store, token, valid)).toMatchObject({ status: 200 })
        expect(await doors.tryToken(store, token, altered)).toMatchObject({ status: 401, reason: expect.any(String) })
      }
      await fc.assert(fc.asyncProperty(alteration, refuses), { numRuns: 200 })
    },
  )

  test('an alteration leaves a token equal only in the last character of a signature', async () => {
    const valid = await doors.token()
    const unaltered = [...valid].flatMap((_, index) =>
      alphabet
        .filter((by) => isSame(valid.slice(0, index) + by + valid.slice(index + 1), valid))
        .map((by) => [index, by] as const),
    )
    const ofTheLast = unaltered.filter(([index, by]) => index === valid.length - 1 && by !== valid[index])
    expect(ofTheLast).toHaveLength(15)
    expect(unaltered).toHaveLength(valid.length + ofTheLast.length)
  })
})
