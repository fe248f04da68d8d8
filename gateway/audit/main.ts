import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { loadSecrets, type Secrets } from '../../schema/secrets.ts'
import { describeFileError, isSystemError } from '../../schema/service/load-file.ts'
import { type Environment, InvalidSettings } from '../../schema/service/load-settings.ts'
import { parseCommand, runMain } from '../../schema/service/run-main.ts'
import { InvalidSetting, StartupError, UsageError } from '../../schema/service/startup-error.ts'
import { printBreak } from './chain-break.ts'
import { isAddress, loadWitness, type WitnessContents } from './head-witness.ts'
import { pruneTrail } from './prune-trail.ts'
import type { EntryInFile } from './read-entries.ts'
import { retireWriter } from './retire-writer.ts'
import { exportTrail } from './to-fhir-audit-event.ts'
import { verifyTrail, type WriterReport } from './verify-trail.ts'

const usage = `Usage: npm run audit -- COMMAND [--folder DIR] [--secret FILE]

  verify [--expect WRITER:SEQUENCE:HASH]... [--witness FILE]
                                             proves every chain of the trail, or names its first break (exit code 1): a writer that
                                             is missing, a head that went back, a link or a foreign file too
  export [--since TIME] [--until TIME]       prints the events as FHIR R4 AuditEvent, one a line
  retire --writer NAME                       says on the trail that a writer, whose gateway has ended, writes no more and may be missing
  prune [--years N]                          drops whole files whose last event is older (default 8 years), leaving a note that verify goes by

  --witness the file of AUDIT_WITNESS, or a copy of it; default AUDIT_WITNESS where that is a file
  --folder  the trail; default AUDIT_DIR, or audit/ in DATA_DIR (default .data)
  --secret  the file whose bytes seal the heads, or several with commas between them: the first seals, any may have
            sealed; default GATEWAY_SECRET, or the demo's`

const options = {
  folder: { type: 'string' },
  secret: { type: 'string' },
  expect: { type: 'string', multiple: true },
  since: { type: 'string' },
  until: { type: 'string' },
  years: { type: 'string' },
  witness: { type: 'string' },
  writer: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

if (import.meta.main) {
  await runMain(async () => {
    process.exitCode = await run(process.env)
  })
}

async function run(environment: Environment): Promise<number> {
  const { values, positionals } = parseCommand({ allowPositionals: true, options }, usage)
  const [command] = positionals
  if (values.help || positionals.length !== 1) {
    console.log(usage)
    return values.help ? 0 : 2
  }
  const dataDirectory = environment.DATA_DIR ?? '.data'
  const folder = values.folder ?? environment.AUDIT_DIR ?? join(dataDirectory, 'audit')
  if (!existsSync(folder)) throw new UsageError(`--folder: expected an audit trail, found nothing at ${folder}`, usage)
  const secrets = () =>
    toSecrets(
      values.secret === undefined ? 'GATEWAY_SECRET' : '--secret',
      values.secret ?? environment.GATEWAY_SECRET ?? join(dataDirectory, 'keys', 'gateway-secret'),
    )
  const witness = values.witness ?? (isAddress(environment.AUDIT_WITNESS ?? '') ? undefined : environment.AUDIT_WITNESS)
  try {
    if (command === 'verify') return await verify(folder, secrets(), values.expect ?? [], witness)
    if (command === 'export')
      return await exportTo(
        process.stdout,
        folder,
        toInstant('--since', values.since),
        toInstant('--until', values.until),
      )
    if (command === 'prune') return await prune(folder, secrets(), values.years)
    if (command === 'retire') return await retire(folder, secrets(), values.writer)
  } catch (cause) {
    throw isSystemError(cause)
      ? new StartupError(`--folder: expected an audit trail that this user may read, found ${cause.message}`, { cause })
      : cause
  }
  throw new UsageError(`COMMAND: expected verify, export, prune or retire, found ${command}`, usage)
}

/** Returns null if there is no such file. */
function toSecrets(name: string, files: string): Secrets | null {
  if (!files.includes(',') && !existsSync(files)) return null
  try {
    return loadSecrets(files)
  } catch (cause) {
    throw cause instanceof InvalidSetting ? new InvalidSettings({ [name]: cause }) : cause
  }
}

async function verify(
  folder: string,
  secrets: Secrets | null,
  expected: readonly string[],
  witness: string | undefined,
): Promise<number> {
  const startedAt = performance.now()
  const { heads, oddLines } = witness === undefined ? { heads: [], oddLines: 0 } : await loadWitnessed(witness)
  const reports = await verifyTrail({ folder, secrets, expected: [...expected.map(toExpected), ...heads] })
  const seconds = (performance.now() - startedAt) / 1000
  const events = reports.reduce((sum, report) => sum + report.events, 0)
  for (const report of reports) console.log(printReport(report))
  if (!secrets)
    console.log(
      'The seals of the heads were not checked: no secret (--secret). Whoever can write the trail could have made them.',
    )
  if (witness !== undefined)
    console.log(
      `Compared with ${heads.length} heads of the witness ${witness}.${oddLines > 0 ? ` ${oddLines} of its lines are no heads.` : ''}`,
    )
  if (reports.length === 0) console.log(`No writer is at ${folder}: nothing was proved.`)
  console.log(
    `${events} events of ${reports.length} writers in ${seconds.toFixed(1)} s, ${Math.round(events / seconds)} events a second.`,
  )
  return reports.length === 0 || reports.some((report) => report.break) ? 1 : 0
}

async function loadWitnessed(file: string): Promise<WitnessContents> {
  if (!existsSync(file))
    throw new UsageError(`--witness: expected the file of a witness, found nothing at ${file}`, usage)
  try {
    return await loadWitness(file)
  } catch (cause) {
    throw isSystemError(cause)
      ? new StartupError(
          `--witness: expected a file that this user may read, found ${describeFileError(cause, file)}`,
          { cause },
        )
      : cause
  }
}

function printReport({ writer, events, last, unconfirmed, tornBytes, break: found, retiredAt }: WriterReport): string {
  if (found) return `${writer}: BROKEN. ${printBreak(found)} ${events} events before it verify.`
  const loose =
    unconfirmed > 0 || tornBytes > 0
      ? ` After the head: ${unconfirmed} events and ${tornBytes} bytes of a torn line.`
      : ''
  const retired = retiredAt === null ? '' : ` Retired on ${retiredAt}.`
  if (retiredAt !== null && events === 0)
    return `${writer}: retired on ${retiredAt}, ended at ${last ? `${writer}:${last.sequence}:${last.hash}` : 'nothing that was there'}. Its files are not here.`
  return `${writer}: whole, ${events} events, ends at ${last ? `${writer}:${last.sequence}:${last.hash}` : 'nothing'}.${loose}${retired}`
}

function toExpected(text: string) {
  const [, writer, sequence, hash] = /^([a-z0-9-]+):(\d+):([0-9a-f]{64})$/.exec(text) ?? []
  if (!writer || !sequence || !hash)
    throw new UsageError(`--expect: expected WRITER:SEQUENCE:HASH, found ${text}`, usage)
  return { writer, sequence: Number(sequence), hash }
}

async function exportTo(
  stream: NodeJS.WritableStream,
  folder: string,
  since: string | undefined,
  until: string | undefined,
): Promise<number> {
  let odd = 0
  const onOddEntry = ({ writer, sequence, path, odd: what }: EntryInFile) => {
    odd++
    if (odd <= mostOddTold)
      console.error(`${writer}, sequence ${sequence}, in ${path}: ${what}. It is exported with what can be said.`)
  }
  await pipeline(Readable.from(exportTrail({ folder, since, until, onOdd: onOddEntry })), stream, { end: false })
  if (odd > 0) console.error(`${odd} events are not as they should be; run audit verify.`)
  return 0
}

const mostOddTold = 100

async function retire(folder: string, secrets: Secrets | null, writer: string | undefined): Promise<number> {
  if (writer === undefined) throw new UsageError('--writer: expected the name of a writer, found none', usage)
  if (!secrets)
    throw new UsageError('--secret: expected the file of the secret that seals the heads, found none', usage)
  const { head } = await retireWriter({ folder, secrets }, writer)
  console.log(
    `${writer}: retired, ${head ? `ended at ${writer}:${head.sequence}:${head.hash}` : 'its files were not there'}.`,
  )
  return 0
}

function toInstant(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const ms = Date.parse(text)
  if (Number.isNaN(ms))
    throw new UsageError(`${option}: expected a time as 2026-11-22 or 2026-11-22T09:00:00Z, found ${text}`, usage)
  return new Date(ms).toISOString()
}

async function prune(folder: string, secrets: Secrets | null, years: string | undefined): Promise<number> {
  const keptYears = Number(years ?? 8)
  if (!(Number.isInteger(keptYears) && keptYears >= 1))
    throw new UsageError(`--years: expected a whole number of at least 1, found ${years}`, usage)
  if (!secrets)
    throw new UsageError('--secret: expected the file of the secret that seals the heads, found none', usage)
  const events = await pruneTrail({ folder, secrets, keptYears })
  for (const { writer, dropped } of events)
    console.log(`${writer}: ${dropped.length} files dropped, through sequence ${dropped.at(-1)?.sequence}.`)
  if (events.length === 0) console.log(`Nothing is older than ${keptYears} years.`)
  return 0
}
