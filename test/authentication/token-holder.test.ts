import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalJWKSet } from 'jose'
import { describe, expect, test } from 'vitest'
import { type DemoTokenOptions, demoAudience, demoIssuer, mintToken } from '../../gateway/demo/mint-token.ts'
import { createTokenVerifier, type TokenHolder } from '../../schema/access-token.ts'
import { loadKeySet } from '../../schema/key-set.ts'
import { createKeyPair, startVerifyingServices } from '../support/authentication/verifying-services.ts'
import { runProgram } from '../support/run-program.ts'

const issuer = await createKeyPair('issuer')
const verify = createTokenVerifier({
  keys: createLocalJWKSet({ keys: [{ ...issuer.publicJwk, kty: 'OKP' }] }),
  issuer: demoIssuer,
  audience: demoAudience,
})
const holderOf = async (options: DemoTokenOptions): Promise<TokenHolder> => verify(await mintToken(issuer, options))

describe('the area of work', () => {
  test.each([
    ['GENITOURINARY_MEDICINE', 'GENITOURINARY_MEDICINE'],
    ['Genito-urinary Medicine', 'GENITOURINARY_MEDICINE'],
    ['"Medicine":"Genitourinary Medicine":"Genitourinary Medicine"', 'GENITOURINARY_MEDICINE'],
    ['"Pathology":"Pathology":"Blood Transfusion"', 'BLOOD_TRANSFUSION'],
    ['"Genitourinary Medicine":"Reception"', 'RECEPTION'],
    ['', null],
  ])('the area of work %s is read as %s', async (areaOfWork, code) => {
    expect(await holderOf({ areaOfWork })).toMatchObject({ areaOfWork: code })
  })

  test('the area of work is null when the token states none, or several', async () => {
    await using doors = await startVerifyingServices()
    const keys = loadKeySet(doors.files.issuer, { transport: 'any' })
    const verifyHere = createTokenVerifier({
      keys,
      issuer: 'https://issuer.test',
      audience: 'share2care',
      now: () => doors.clock.nowMs,
    })
    const areaOf = async (aow: unknown) => {
      const role = { person_roleid: '1', role_code: 'R0050', org_code: 'REM' }
      const other = { ...role, person_roleid: '2', aow: ['Genitourinary Medicine'] }
      const token = await doors.token({
        claims: { selected_roleid: '1', nhsid_nrbac_roles: [other, { ...role, aow }] },
      })
      return (await verifyHere(token)).areaOfWork
    }
    expect(await areaOf(undefined)).toBeNull()
    expect(await areaOf([])).toBeNull()
    expect(await areaOf(['Genitourinary Medicine', 'Dermatology'])).toBeNull()
    expect(await areaOf(['Genitourinary Medicine', 'Genito-urinary Medicine'])).toBe('GENITOURINARY_MEDICINE')
    expect(await areaOf('Genitourinary Medicine')).toBe('GENITOURINARY_MEDICINE')
    await expect(areaOf([{ name: 'Genitourinary Medicine' }])).rejects.toMatchObject({ reason: 'CLAIM_INVALID' })
  })
})

describe("the person's own NHS number", () => {
  test.each([
    ['9990000018', '9990000018'],
    ['999 000 0018', '9990000018'],
  ])("the token's NHS number %s is read", async (nhsNumber, known) => {
    expect(await holderOf({ nhsNumber })).toMatchObject({ nhsNumber: known })
  })

  test("the person's NHS number is null when the token states none", async () => {
    expect(await holderOf({})).toMatchObject({ nhsNumber: null, areaOfWork: null })
  })

  test.each(['9990000019', '999000001', '', 'unknown'])(
    'an unreadable NHS number (%j) rejects the token, and the error does not repeat it',
    async (nhsNumber) => {
      await expect(holderOf({ nhsNumber })).rejects.toMatchObject({
        reason: 'CLAIM_INVALID',
        message: 'Access token rejected: the claim nhs_number is not as expected',
      })
    },
  )

  test.each([[null], [9990000018], [['9990000018', '9990000026']], [[]]])(
    'an NHS number of another type (%j) rejects the token at the gateway',
    async (claim) => {
      await using doors = await startVerifyingServices()
      expect(await doors.tryToken('gateway', await doors.token({ claims: { nhs_number: claim } }))).toEqual({
        status: 401,
        reason: 'CLAIM_INVALID',
      })
    },
  )
})

test("a token's holder, whom all its requests share, is immutable", async () => {
  const holder = await holderOf({})
  for (const part of [holder, holder.role, holder.organisation, holder.scopes]) expect(Object.isFrozen(part)).toBe(true)
})

test('npm run token takes an area of work and an NHS number', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'token-holder-'))
  try {
    await using running = runProgram(
      'gateway/demo/token.ts',
      ['--area-of-work', 'Genito-urinary Medicine', '--nhs-number', '9990000018'],
      { DATA_DIR: folder },
    )
    expect(await running.ended).toBe(0)
    const keys = loadKeySet(join(folder, 'keys/issuer.jwks.json'), { transport: 'any' })
    const verifyPrinted = createTokenVerifier({ keys, issuer: demoIssuer, audience: demoAudience })
    expect(await verifyPrinted(running.out().trim())).toMatchObject({
      areaOfWork: 'GENITOURINARY_MEDICINE',
      nhsNumber: '9990000018',
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
