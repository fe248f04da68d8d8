import { type Environment, loadSettings, nonBlankText, setting } from '../../schema/service/load-settings.ts'
import { type Mode, toMode } from '../../schema/service/mode.ts'
import { parseCommand } from '../../schema/service/run-main.ts'
import { toServiceAddress } from '../../schema/service/service-address.ts'
import { UsageError } from '../../schema/service/startup-error.ts'
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

/** Finds an access token with the scope reports where TOKEN is not set. Rejects with InvalidSettings. */
export type FindReportToken = (environment: Environment) => Promise<string>

/** Runs `npm run report`: reads the command line, and prints the report on standard output. */
export async function runReport(environment: Environment, findToken: FindReportToken): Promise<void> {
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
  const { GATEWAY_URL, TOKEN } = await loadSettings(environment, reportSettings(toMode(environment)))
  process.stdout.write(
    printers[format](await fetchReport({ url: GATEWAY_URL, token: TOKEN ?? (await findToken(environment)), week })),
  )
}

function isFormat(text: string): text is keyof typeof printers {
  return Object.hasOwn(printers, text)
}
