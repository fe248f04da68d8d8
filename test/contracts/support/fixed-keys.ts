import { type CryptoKey, createLocalJWKSet, importJWK, type JWTVerifyGetKey } from 'jose'

/** The keys of RFC 8032, section 7.1, test 1: public knowledge, and for tests alone. */
const publicKey = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }

/** Secrets of a gateway: the first signs, the second is a former one. */
export const secret = new Uint8Array(32).fill(7)
export const formerSecret = new Uint8Array(32).fill(8)

export const keyId = 'gateway-1'

/** Ed25519 signs the same bytes the same each time (RFC 8032), so a whole token can be compared. */
export async function loadSigningKey(): Promise<CryptoKey> {
  return (await importJWK({ ...publicKey, d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A' }, 'Ed25519')) as CryptoKey
}

export function verifyingKeys(): JWTVerifyGetKey {
  return createLocalJWKSet({ keys: [{ ...publicKey, kid: keyId, alg: 'Ed25519' }] })
}
