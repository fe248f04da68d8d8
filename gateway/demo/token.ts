import { loadPrivateKey } from '../../schema/private-key.ts'
import { loadSettings } from '../../schema/service/load-settings.ts'
import { parseCommand, runMain } from '../../schema/service/run-main.ts'
import { ensureDemoKeys } from './demo-keys.ts'
import { dataFolderSetting, notProductionSetting } from './demo-settings.ts'
import { mintToken } from './mint-token.ts'

const usage = `Usage: npm run token -- [--role CODE] [--organisation ODS] [--person ID] [--name NAME] [--area-of-work AREA]
                        [--nhs-number NUMBER] [--purpose PURPOSE] [--scope SCOPES]

Prints a token for the demo's gateway and stores of this data directory (DATA_DIR: .data), good for 12 hours.
  --role          SDS job role code; default R0050, a consultant
  --organisation  ODS code; default REM, Liverpool University Hospitals
  --person        NHS CIS2 user id; default 555036632103
  --name          the person's name; default Dr Ada Sample
  --area-of-work  the role's area of work, as "Genito-urinary Medicine"
  --nhs-number    the person's own NHS number
  --purpose       the one purpose of use that the token is limited to, as DIRECT_CARE
  --scope         OAuth 2.0 scopes, separated by spaces: record, reports, operations, publish; default record`

/** `npm run token`. */
if (import.meta.main) {
  await runMain(async () => {
    const text = { type: 'string' } as const
    const options = {
      role: text,
      organisation: text,
      person: text,
      name: text,
      'area-of-work': text,
      'nhs-number': text,
      purpose: text,
      scope: text,
      help: { type: 'boolean', short: 'h' },
    } as const
    const {
      help,
      'area-of-work': areaOfWork,
      'nhs-number': nhsNumber,
      ...token
    } = parseCommand({ options }, usage).values
    if (help) {
      console.log(usage)
      return
    }
    const { DATA_DIR } = await loadSettings(process.env, {
      NODE_ENV: notProductionSetting,
      DATA_DIR: dataFolderSetting,
    })
    const { issuerKey } = await ensureDemoKeys(DATA_DIR)
    process.stdout.write(`${await mintToken(await loadPrivateKey(issuerKey), { ...token, areaOfWork, nhsNumber })}\n`)
  })
}
