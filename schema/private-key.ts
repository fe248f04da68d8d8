import { type CryptoKey, importJWK } from 'jose'
import { z } from 'zod'
import { loadJson } from './service/load-file.ts'
import { InvalidSetting } from './service/startup-error.ts'

/** A private key to sign with, and its key id in the public key set. */
export interface PrivateKey {
  readonly key: CryptoKey
  readonly keyId: string
}

const jwk = z.looseObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  kid: z.string().min(1),
  x: z.string(),
  d: z.string(),
})
const expected = 'an Ed25519 private key with a kid, as a JWK (RFC 8037)'

/** Loads an Ed25519 private key from a JWK file. Rejects with InvalidSetting, which reveals nothing of the key. */
export async function loadPrivateKey(file: string): Promise<PrivateKey> {
  const result = jwk.safeParse(loadJson(file, expected))
  if (!result.success)
    throw new InvalidSetting(expected, `another ${result.error.issues[0]?.path.join('.') || 'value'} in ${file}`)
  const key = await importJWK(result.data, 'Ed25519').catch(() => null)
  if (key === null || key instanceof Uint8Array)
    throw new InvalidSetting(expected, `a key that cannot be used in ${file}`)
  return { key, keyId: result.data.kid }
}
