import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { addKeyPair, addSecret, listKeyFiles, listSecretFiles, toKeySetFile } from '../../schema/key-files.ts'
import { InvalidSettings } from '../../schema/service/load-settings.ts'
import { InvalidSetting } from '../../schema/service/startup-error.ts'

/** The files of the demo's keys, created on first use and readable by their owner only. */
export interface DemoKeyFiles {
  /** The newest private key of the demo's token issuer. */
  readonly issuerKey: string
  /** The issuer's JWK Set (RFC 7517), by which gateway and stores verify tokens. */
  readonly issuerKeySet: string
  /** The newest private key of the gateway's assertions. */
  readonly gatewayKey: string
  /** The gateway's JWK Set, by which stores verify assertions. */
  readonly gatewayKeySet: string
  /** The secrets of cursors and content urls in the form of GATEWAY_SECRET: newest first, separated by commas. */
  readonly secret: string
}

/**
 * Returns the demo's key files under a data directory and creates missing ones. Rejects with InvalidSettings if the
 * keys of a production service are there.
 */
export async function ensureDemoKeys(dataDir: string): Promise<DemoKeyFiles> {
  const folder = join(dataDir, 'keys')
  const has = (name: string) => existsSync(toKeySetFile(folder, name))
  // Keys without an issuer are of a production service. The demo's issuer must not join them, because its key can
  // sign a token for anybody.
  if (has('gateway') && !has('issuer'))
    throw new InvalidSettings({
      DATA_DIR: new InvalidSetting("the demo's folder", `the keys of another service in ${folder}`),
    })
  if (!has('issuer')) await addKeyPair(folder, 'issuer', 'demo-issuer')
  if (!has('gateway')) await addKeyPair(folder, 'gateway', 'demo-gateway')
  if (listSecretFiles(folder, 'gateway-secret').length === 0) addSecret(folder, 'gateway-secret')
  const newest = (name: string) => listKeyFiles(folder, name)[0] ?? join(folder, `${name}.jwk.json`)
  return {
    issuerKey: newest('issuer'),
    issuerKeySet: toKeySetFile(folder, 'issuer'),
    gatewayKey: newest('gateway'),
    gatewayKeySet: toKeySetFile(folder, 'gateway'),
    secret: listSecretFiles(folder, 'gateway-secret').join(),
  }
}
