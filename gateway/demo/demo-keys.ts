import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'

/** Files of the demo's keys, made on first use; private ones are readable by their owner alone. */
export interface DemoKeyFiles {
  /** Private key of the demo's token issuer. */
  readonly issuerKey: string
  /** The issuer's JWK set, by which gateway and stores verify tokens. */
  readonly issuerKeySet: string
  /** Private key of the gateway's assertions. */
  readonly gatewayKey: string
  /** The gateway's JWK set, by which stores verify assertions. */
  readonly gatewayKeySet: string
  /** Secret of cursors and content urls. */
  readonly secret: string
}

/** The demo's key files under a data directory, the missing ones made. */
export async function ensureDemoKeys(dataDir: string): Promise<DemoKeyFiles> {
  const folder = join(dataDir, 'keys')
  const files = {
    issuerKey: join(folder, 'issuer.jwk.json'),
    issuerKeySet: join(folder, 'issuer.jwks.json'),
    gatewayKey: join(folder, 'gateway.jwk.json'),
    gatewayKeySet: join(folder, 'gateway.jwks.json'),
    secret: join(folder, 'gateway-secret'),
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!existsSync(files.issuerKeySet)) await writeKeyPair('demo-issuer', files.issuerKey, files.issuerKeySet)
  if (!existsSync(files.gatewayKeySet)) await writeKeyPair('demo-gateway', files.gatewayKey, files.gatewayKeySet)
  if (!existsSync(files.secret)) writeFileSync(files.secret, randomBytes(32), { mode: 0o600 })
  return files
}

async function writeKeyPair(keyId: string, privateFile: string, setFile: string): Promise<void> {
  const { privateKey, publicKey } = await generateKeyPair('Ed25519', { extractable: true })
  writeFileSync(privateFile, JSON.stringify({ ...(await exportJWK(privateKey)), kid: keyId, alg: 'Ed25519' }), { mode: 0o600 })
  writeFileSync(setFile, JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: keyId, alg: 'Ed25519', use: 'sig' }] }))
}
