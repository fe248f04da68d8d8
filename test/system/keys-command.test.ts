import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAssertionVerifier, signAssertion } from '../../schema/assertion.ts'
import { loadKeySet } from '../../schema/key-set.ts'
import { loadPrivateKey } from '../../schema/private-key.ts'
import { loadSecrets } from '../../schema/secrets.ts'
import { runProgram } from '../support/run-program.ts'

let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'keys-'))
})
afterEach(() => rmSync(data, { recursive: true, force: true }))

/** The value that the command prints for a setting. */
const toSetting = (text: string, name: string) => new RegExp(`${name}=(\\S+)`).exec(text)?.[1] ?? ''

async function keys(...args: readonly string[]) {
  await using running = runProgram('gateway/deploy/keys.ts', args, { DATA_DIR: data })
  const code = await running.ended
  return { code, out: running.out(), err: running.err() }
}

const keyIdsOf = (file: string): readonly string[] =>
  JSON.parse(readFileSync(file, 'utf8')).keys.map(({ kid }: { kid: string }) => kid)

test('npm run keys makes keys that gateway and stores take, rotates with both in force, and retires the former', async () => {
  const created = await keys('create')
  expect(created.code).toBe(0)
  const files = {
    key: toSetting(created.out, 'GATEWAY_KEY'),
    secret: toSetting(created.out, 'GATEWAY_SECRET'),
    set: toSetting(created.out, 'GATEWAY_KEYS'),
  }
  for (const file of Object.values(files)) expect(statSync(file).mode & 0o777).toBe(0o600)
  const before = Object.values(files).map((file) => readFileSync(file, 'utf8'))
  expect(await keys('create')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^create: expected no keys in .*, found .*gateway\.jwk\.json; rotate makes the next\n$/),
  })
  expect(Object.values(files).map((file) => readFileSync(file, 'utf8'))).toEqual(before)

  // The set as a store reads it, before and after its file changes.
  let nowMs = 0
  const verify = createAssertionVerifier({
    keys: loadKeySet(files.set, { transport: 'https', now: () => nowMs }),
    region: 'CHESHIRE_MERSEYSIDE',
  })
  // Each assertion ends at a second of its own: the same one again would be remembered as verified.
  let expiresAtMs = Date.now() + 40_000
  const assertBy = async (file: string) => {
    expiresAtMs += 1000
    const signer = await loadPrivateKey(file)
    const context = { purpose: 'DIRECT_CARE', relationship: null, reason: null, supervisor: null } as const
    return verify(
      await signAssertion({ ...signer, region: 'CHESHIRE_MERSEYSIDE', token: 'token', context, expiresAtMs }),
      'token',
    )
  }
  await expect(assertBy(files.key)).resolves.toMatchObject({ purpose: 'DIRECT_CARE' })

  const rotated = await keys('rotate', 'gateway')
  const next = toSetting(rotated.out, 'GATEWAY_KEY')
  expect([rotated.code, next]).toEqual([0, join(data, 'keys', 'gateway.2.jwk.json')])
  // Published before it signs: the former key still does.
  expect(keyIdsOf(files.set)).toHaveLength(2)
  expect(readFileSync(files.key, 'utf8')).toBe(before[0])
  nowMs += 61_000
  await expect(assertBy(files.key)).resolves.toBeTruthy()
  await expect(assertBy(next)).resolves.toBeTruthy()

  const retired = await keys('retire', 'gateway')
  expect([retired.code, retired.out]).toEqual([0, expect.stringContaining(`Removed 1 from ${files.set}`)])
  nowMs += 61_000
  await expect(assertBy(next)).resolves.toBeTruthy()
  await expect(assertBy(files.key)).rejects.toThrow('signed by an unknown key')

  const secrets = await keys('rotate', 'secret')
  const list = /2\. GATEWAY_SECRET=(\S+)/.exec(secrets.out)?.[1] ?? ''
  expect(loadSecrets(list).map((secret) => secret.length)).toEqual([32, 32])
  expect(Buffer.from(loadSecrets(list)[1] ?? [])).toEqual(readFileSync(files.secret))
})

test('npm run keys says how it is used, and what it expects where it cannot obey', async () => {
  expect(await keys('--help')).toMatchObject({ code: 0, out: expect.stringMatching(/^Usage: npm run keys -- create/) })
  expect(await keys('rotate', 'gateway')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^expected a key of gateway in .*, found none; create makes the first\n$/),
  })
  expect(await keys('rotate')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^COMMAND: expected create, rotate or retire, found rotate\n/),
  })
})
