import { join } from 'node:path'
import { listKeyFiles } from '../../schema/key-files.ts'
import { loadPrivateKey } from '../../schema/private-key.ts'
import { type Environment, InvalidSettings, loadSettings } from '../../schema/service/load-settings.ts'
import { runMain } from '../../schema/service/run-main.ts'
import { InvalidSetting } from '../../schema/service/startup-error.ts'
import { runReport } from '../utilisation/run-report.ts'
import { programmeOffice } from './demo-graphiql-page.ts'
import { notProductionSetting } from './demo-settings.ts'
import { mintToken } from './mint-token.ts'

/**
 * `npm run report`, for any gateway. It is in the demo, because without TOKEN it signs a token of the demo's issuer.
 */
if (import.meta.main) await runMain(() => runReport(process.env, mintDemoToken))

/** Signs a token with the demo's key under this data directory, if there is one; creates no key. */
async function mintDemoToken(environment: Environment): Promise<string> {
  const { DATA_DIR = '.data' } = environment
  await loadSettings(environment, { NODE_ENV: notProductionSetting })
  const [issuerKey] = listKeyFiles(join(DATA_DIR, 'keys'), 'issuer')
  if (issuerKey === undefined)
    throw new InvalidSettings({
      TOKEN: new InvalidSetting(
        `an access token with the scope reports, or a demo in ${DATA_DIR} (DATA_DIR)`,
        'neither',
      ),
    })
  return mintToken(await loadPrivateKey(issuerKey), programmeOffice)
}
