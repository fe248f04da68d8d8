import { join } from 'node:path'
import { listKeyFiles } from '../../schema/key-files.ts'
import { loadPrivateKey } from '../../schema/private-key.ts'
import {
  type Environment,
  InvalidSettings,
  loadSettings,
  nonBlankText,
  setting,
} from '../../schema/service/load-settings.ts'
import { type Mode, toMode } from '../../schema/service/mode.ts'
import { parseCommand, runMain } from '../../schema/service/run-main.ts'
import { toServiceAddress } from '../../schema/service/service-address.ts'
import { InvalidSetting, UsageError } from '../../schema/service/startup-error.ts'
import { programmeOffice } from '../demo/demo-graphiql-page.ts'
import { notProductionSetting } from '../demo/demo-settings.ts'
import { mintToken } from '../demo/mint-token.ts'
import { fetchReport } from './fetch-report.ts'
import { printCsv } from './print-csv.ts'
import { printReportPage } from './print-report-page.ts'

const usage = `Usage: npm run report -- weekly [--week WEEK] [--format html|csv|json]

Prints the weekly utilisation report of a running gateway.
  --week    an ISO week, as 2026-W47; default the last one that is over
  --format  html (stands by itself, to be read and printed), csv (a figure a row) or json; default html

GATEWAY_URL  the gateway; default http://127.0.0.1:4000
TOKEN        an access token with the scope reports; default one of the demo's (DATA_DIR: .data)`

const printers = {
  html: printReportPage,
  csv: printCsv,
  json: (report: object) => `${JSON.stringify(report, null, 2)}\n`,
} as const

const gatewayAddress = "the gateway's http or https address"

const reportSettings = (mode: Mode) => ({
  GATEWAY_URL: setting(
    gatewayAddress,
    nonBlankText.default('http://127.0.0.1:4000'),
    { description: "The gateway's address; https unless on this machine.", example: 'https://gateway.example.nhs.uk' },
    // The token goes there.
    (text) => toServiceAddress(text, mode, gatewayAddress),
  ),
  TOKEN: setting('an access token', nonBlankText.optional(), {
    description: 'An access token with the scope reports.',
    example: 'eyJ...',
    fallback: "one of the demo's",
  }),
})

/** `npm run report`. */
if (import.meta.main) {
  await runMain(async () => {
    const text = { type: 'string' } as const
    const { values, positionals } = parseCommand(
      { options: { week: text, format: text, help: { type: 'boolean', short: 'h' } }, allowPositionals: true } as const,
      usage,
    )
    if (values.help) {
      console.log(usage)
      return
    }
    if (positionals.join(' ') !== 'weekly')
      throw new UsageError(
        `expected weekly, found ${positionals.length === 0 ? 'nothing' : JSON.stringify(positionals.join(' '))}`,
        usage,
      )
    const { format = 'html', week = null } = values
    if (!isFormat(format))
      throw new UsageError(`--format: expected html, csv or json, found ${JSON.stringify(format)}`, usage)
    const { GATEWAY_URL, TOKEN } = await loadSettings(process.env, reportSettings(toMode(process.env)))
    process.stdout.write(
      printers[format](
        await fetchReport({ url: GATEWAY_URL, token: TOKEN ?? (await mintDemoToken(process.env)), week }),
      ),
    )
  })
}

function isFormat(text: string): text is keyof typeof printers {
  return Object.hasOwn(printers, text)
}

/** A token of the demo of this data directory, where there is one: none is made here. */
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
