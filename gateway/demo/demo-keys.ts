import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { addKeyPair, addSecret, listKeyFiles, listSecretFiles, toKeySetFile } from '../../schema/key-files.ts'
import { InvalidSettings } from '../../schema/service/load-settings.ts'
import { InvalidSetting } from '../../schema/service/startup-error.ts'

/** Files of the demo's keys, made on first use, for their owner alone. */
export interface DemoKeyFiles {
  /** Private key of the demo's token issuer, the newest. */
  readonly issuerKey: string
  /** The issuer's JWK set, by which gateway and stores verify tokens. */
  readonly issuerKeySet: string
  /** Private key of the gateway's assertions, the newest. */
  readonly gatewayKey: string
  /** The gateway's JWK set, by which stores verify assertions. */
  readonly gatewayKeySet: string
  /** Secrets of cursors and content urls, as GATEWAY_SECRET takes them: newest first, with commas between them. */
  readonly secret: string
}

/** The demo's key files under a data directory, the missing ones made. Rejects with SettingsRejected where a production's keys are in their place. */
export async function ensureDemoKeys(dataDir: string): Promise<DemoKeyFiles> {
  const folder = join(dataDir, 'keys')
  const has = (name: string) => existsSync(toKeySetFile(folder, name))
  // npm run keys makes no issuer unless asked, and the demo makes it first: whoever has its key can name themselves anybody.
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
