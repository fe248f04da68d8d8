import { z } from 'zod'
import { loadPrivateKey } from '../../schema/private-key.ts'
import { type Environment, loadSettings, setting, someText } from '../../schema/process/load-settings.ts'
import { parseCommand } from '../../schema/process/parse-command.ts'
import { runMain } from '../../schema/process/run-main.ts'
import { UsageError } from '../../schema/process/start-refused.ts'
import { ensureDemoKeys } from '../demo/demo-keys.ts'
import { programmeOffice } from '../demo/demo-page.ts'
import { dataFolder, notProduction } from '../demo/demo-settings.ts'
import { mintToken } from '../demo/mint-token.ts'
import { fetchReport } from './fetch-report.ts'
import { printCsv } from './print-csv.ts'
import { printPage } from './print-page.ts'

const usage = `Usage: npm run report -- weekly [--week WEEK] [--format html|csv|json]

Prints the weekly utilisation report of a running gateway.
  --week    an ISO week, as 2026-W47; default the last one that is over
  --format  html (stands by itself, to be read and printed), csv (a figure a row) or json; default html

GATEWAY_URL  the gateway; default http://127.0.0.1:4000
TOKEN        an access token with the scope reports; default one of the demo's (DATA_DIR: .data)`

const printers = { html: printPage, csv: printCsv, json: (report: object) => `${JSON.stringify(report, null, 2)}\n` } as const

/** `npm run report`. */
if (import.meta.main) {
  await runMain(async () => {
    const text = { type: 'string' } as const
    const { values, positionals } = parseCommand({ options: { week: text, format: text, help: { type: 'boolean', short: 'h' } }, allowPositionals: true } as const, usage)
    if (values.help) {
      console.log(usage)
      return
    }
    if (positionals.join(' ') !== 'weekly') throw new UsageError(`expected weekly, found ${positionals.length === 0 ? 'nothing' : JSON.stringify(positionals.join(' '))}`, usage)
    const { format = 'html', week = null } = values
    if (!isFormat(format)) throw new UsageError(`--format: expected html, csv or json, found ${JSON.stringify(format)}`, usage)
    const { GATEWAY_URL, TOKEN } = await loadSettings(process.env, {
      GATEWAY_URL: setting("the gateway's http or https address", z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:4000')),
      TOKEN: setting('an access token', someText.optional()),
    })
    process.stdout.write(printers[format](await fetchReport({ url: GATEWAY_URL, token: TOKEN ?? (await mintDemoToken(process.env)), week })))
  })
}

function isFormat(text: string): text is keyof typeof printers {
  return Object.hasOwn(printers, text)
}

async function mintDemoToken(environment: Environment): Promise<string> {
  const { DATA_DIR } = await loadSettings(environment, { NODE_ENV: notProduction, DATA_DIR: dataFolder })
  const { issuerKey } = await ensureDemoKeys(DATA_DIR)
  return mintToken(await loadPrivateKey(issuerKey), programmeOffice)
}
