import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { printBreak } from './chain-break.ts'
import { exportTrail } from './export-trail.ts'
import { loadWitness } from './head-witness.ts'
import { pruneTrail } from './prune-trail.ts'
import type { EntryInFile } from './read-entries.ts'
import { retireWriter } from './retire-writer.ts'
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
  --secret  the file whose bytes seal the heads; default GATEWAY_SECRET, or the demo's`

/** A command that cannot be obeyed; the message says what was expected and found. */
class UsageError extends Error {}

if (import.meta.main) {
  try {
    process.exitCode = await run(process.argv.slice(2), process.env)
  } catch (cause) {
    console.error(cause instanceof Error ? cause.message : cause)
    process.exitCode = cause instanceof UsageError ? 2 : 1
  }
}

async function run(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const { values, positionals } = parse(args)
  const [command] = positionals
  if (values.help || positionals.length !== 1) {
    console.log(usage)
    return values.help ? 0 : 2
  }
  const dataDirectory = environment.DATA_DIR ?? '.data'
  const folder = values.folder ?? environment.AUDIT_DIR ?? join(dataDirectory, 'audit')
  if (!existsSync(folder)) throw new UsageError(`--folder: expected an audit trail, found nothing at ${folder}`)
  const secret = () => loadSecret(values.secret ?? environment.GATEWAY_SECRET ?? join(dataDirectory, 'keys', 'gateway-secret'))
  const witness = values.witness ?? (environment.AUDIT_WITNESS?.includes('://') ? undefined : environment.AUDIT_WITNESS)
  if (command === 'verify') return verify(folder, secret(), values.expect ?? [], witness)
  if (command === 'export') return exportTo(process.stdout, folder, toInstant('--since', values.since), toInstant('--until', values.until))
  if (command === 'prune') return prune(folder, secret(), values.years)
  if (command === 'retire') return retire(folder, secret(), values.writer)
  throw new UsageError(`COMMAND: expected verify, export, prune or retire, found ${command}\n\n${usage}`)
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        folder: { type: 'string' },
        secret: { type: 'string' },
        expect: { type: 'string', multiple: true },
        since: { type: 'string' },
        until: { type: 'string' },
        years: { type: 'string' },
        witness: { type: 'string' },
        writer: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)}\n\n${usage}`, { cause })
  }
}

/** Null where there is no such file. */
function loadSecret(file: string): Uint8Array | null {
  return existsSync(file) ? readFileSync(file) : null
}

async function verify(folder: string, secret: Uint8Array | null, expected: readonly string[], witness: string | undefined): Promise<number> {
  if (witness !== undefined && !existsSync(witness)) throw new UsageError(`--witness: expected the file of a witness, found nothing at ${witness}`)
  const startedAt = performance.now()
  const { heads, oddLines } = witness === undefined ? { heads: [], oddLines: 0 } : await loadWitness(witness)
  const reports = await verifyTrail({ folder, secret, expected: [...expected.map(toExpected), ...heads] })
  const seconds = (performance.now() - startedAt) / 1000
  const events = reports.reduce((sum, report) => sum + report.events, 0)
  for (const report of reports) console.log(printReport(report))
  if (!secret) console.log('The seals of the heads were not checked: no secret (--secret). Whoever can write the trail could have made them.')
  if (witness !== undefined) console.log(`Compared with ${heads.length} heads of the witness ${witness}.${oddLines > 0 ? ` ${oddLines} of its lines are no heads.` : ''}`)
  if (reports.length === 0) console.log(`No writer is at ${folder}: nothing was proved.`)
  console.log(`${events} events of ${reports.length} writers in ${seconds.toFixed(1)} s, ${Math.round(events / seconds)} events a second.`)
  return reports.length === 0 || reports.some((report) => report.break) ? 1 : 0
}

function printReport({ writer, events, last, unconfirmed, tornBytes, break: found, retiredAt }: WriterReport): string {
  if (found) return `${writer}: BROKEN. ${printBreak(found)} ${events} events before it verify.`
  const loose = unconfirmed > 0 || tornBytes > 0 ? ` After the head: ${unconfirmed} events and ${tornBytes} bytes of a torn line.` : ''
  const retired = retiredAt === null ? '' : ` Retired on ${retiredAt}.`
  if (retiredAt !== null && events === 0)
    return `${writer}: retired on ${retiredAt}, ended at ${last ? `${writer}:${last.sequence}:${last.hash}` : 'nothing that was there'}. Its files are not here.`
  return `${writer}: whole, ${events} events, ends at ${last ? `${writer}:${last.sequence}:${last.hash}` : 'nothing'}.${loose}${retired}`
}

function toExpected(text: string) {
  const [, writer, sequence, hash] = /^([a-z0-9-]+):(\d+):([0-9a-f]{64})$/.exec(text) ?? []
  if (!writer || !sequence || !hash) throw new UsageError(`--expect: expected WRITER:SEQUENCE:HASH, found ${text}`)
  return { writer, sequence: Number(sequence), hash }
}

async function exportTo(stream: NodeJS.WritableStream, folder: string, since: string | undefined, until: string | undefined): Promise<number> {
  let odd = 0
  const onOdd = ({ writer, sequence, path, odd: what }: EntryInFile) => {
    odd++
    if (odd <= mostOddTold) console.error(`${writer}, sequence ${sequence}, in ${path}: ${what}. It is exported with what can be said.`)
  }
  await pipeline(Readable.from(exportTrail({ folder, since, until, onOdd })), stream, { end: false })
  if (odd > 0) console.error(`${odd} events are not as they should be; run audit verify.`)
  return 0
}

const mostOddTold = 100

async function retire(folder: string, secret: Uint8Array | null, writer: string | undefined): Promise<number> {
  if (writer === undefined) throw new UsageError('--writer: expected the name of a writer, found none')
  if (!secret) throw new UsageError('--secret: expected the file of the secret that seals the heads, found none')
  const { head } = await retireWriter({ folder, secret }, writer)
  console.log(`${writer}: retired, ${head ? `ended at ${writer}:${head.sequence}:${head.hash}` : 'its files were not there'}.`)
  return 0
}

function toInstant(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw new UsageError(`${option}: expected a time as 2026-11-22 or 2026-11-22T09:00:00Z, found ${text}`)
  return new Date(ms).toISOString()
}

async function prune(folder: string, secret: Uint8Array | null, years: string | undefined): Promise<number> {
  const keptYears = Number(years ?? 8)
  if (!(Number.isInteger(keptYears) && keptYears >= 1)) throw new UsageError(`--years: expected a whole number of at least 1, found ${years}`)
  if (!secret) throw new UsageError('--secret: expected the file of the secret that seals the heads, found none')
  const events = await pruneTrail({ folder, secret, keptYears })
  for (const { writer, dropped } of events) console.log(`${writer}: ${dropped.length} files dropped, through sequence ${dropped.at(-1)?.sequence}.`)
  if (events.length === 0) console.log(`Nothing is older than ${keptYears} years.`)
  return 0
}
