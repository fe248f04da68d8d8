import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { organisationName } from '../../schema/organisations.ts'
import { loadPublishers, type Publisher } from '../../schema/publishers.ts'
import { loadRegions, type RegionConfiguration } from '../../schema/regions.ts'
import { toPublishedBy } from '../store/published-by.ts'
import { createSqliteRecordStore } from '../store/sqlite-record-store.ts'
import { expandPaths, PathNotFound } from './importing/expand-paths.ts'
import { importFiles } from './importing/import-files.ts'
import { printPatients } from './importing/print-patients.ts'
import { printRefusal } from './importing/print-refusal.ts'
import { printTally } from './importing/print-tally.ts'
import { createProgressLine } from './importing/progress-line.ts'

function printUsage(): string {
  return `Usage: npm run import -- --region REGION [--publisher ODS] [--renumber] [--organisation ODS] FILES...

Publishes FHIR R4 Bundles from files (.json: one Bundle, .ndjson: one a line), folders of such files, or patterns.
  --region        ${loadRegions()
    .map(({ slug }) => slug)
    .join(' or ')}
  --renumber      give every patient an NHS number in the 999 test range, the same one every time and in every region;
                  each is printed after the file it came from
  --publisher     ODS code of the organisation that publishes, one of those that PUBLISHERS lists for the region (default
                  schema/publishers.json): what it publishes is its own, beside what others say of the same; default the
                  region's own organisation, the store's office, which also corrects what others published
  --organisation  ODS code of the source of items that name no organisation of their own; default the publisher
The records go to DATA_DIR/REGION/records.sqlite (DATA_DIR: .data), whether the record store is running or not.`
}

/** A command that cannot be obeyed; the message says what was expected and found. */
class UsageError extends Error {}

interface Command {
  readonly region: RegionConfiguration
  readonly renumber: boolean
  readonly publisher: Publisher
  /** ODS code of the source of items that name none. */
  readonly source: string
  readonly paths: readonly string[]
}

if (import.meta.main) {
  try {
    const command = readCommand(process.argv.slice(2))
    process.exitCode = command ? await run(command, process.env.DATA_DIR ?? '.data') : 0
    if (!command) console.log(printUsage())
  } catch (cause) {
    if (!(cause instanceof UsageError || cause instanceof PathNotFound)) throw cause
    console.error(cause.message)
    process.exitCode = 2
  }
}

/** Null where help is asked for. */
function readCommand(args: readonly string[]): Command | null {
  const { values, positionals: paths } = parse(args)
  if (values.help) return null
  const regions = loadRegions()
  const slugs = regions.map(({ slug }) => slug).join(' or ')
  const region = regions.find(({ slug, code }) => values.region === slug || values.region === code)
  if (!region) throw new UsageError(`--region: expected ${slugs}, found ${values.region ?? 'nothing'}`)
  const publisher = findPublisher(region, values.publisher?.toUpperCase())
  const source = (values.organisation ?? publisher.odsCode).toUpperCase()
  if (!/^[A-Z0-9]{3,10}$/.test(source)) throw new UsageError(`--organisation: expected an ODS code, found ${source}`)
  if (paths.length === 0) throw new UsageError(`FILES: expected at least one file, folder or pattern, found none\n\n${printUsage()}`)
  return { region, renumber: values.renumber ?? false, publisher, source, paths }
}

function findPublisher(region: RegionConfiguration, odsCode: string | undefined): Publisher {
  const publishers = loadList(region)
  if (odsCode === undefined) return publishers.office
  const found = publishers.find(odsCode)
  if (!found) throw new UsageError(`--publisher: expected an organisation that is listed to publish in ${region.code}, found ${odsCode}`)
  return found
}

function loadList(region: RegionConfiguration) {
  try {
    return loadPublishers(region, process.env.PUBLISHERS)
  } catch (cause) {
    throw new UsageError(`PUBLISHERS: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        region: { type: 'string' },
        publisher: { type: 'string' },
        renumber: { type: 'boolean' },
        organisation: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)}\n\n${printUsage()}`, { cause })
  }
}

/** The exit code: 1 where a Bundle was refused. */
async function run({ region, renumber, publisher, source, paths }: Command, dataDirectory: string): Promise<number> {
  const files = await expandPaths(paths)
  const file = join(dataDirectory, region.slug, 'records.sqlite')
  const store = openStore(region, file)
  const line = createProgressLine({ stream: process.stderr })
  try {
    const report = await importFiles({
      store,
      files,
      renumber,
      by: toPublishedBy(publisher, { via: 'import', person: userName(), requestId: randomUUID() }),
      publisher: { odsCode: source, name: source === publisher.odsCode ? publisher.name : organisationName(source) },
      onProgress: line.show,
      onRefusal(refusal) {
        line.clear()
        console.error(printRefusal(refusal))
      },
      onWarning(warning) {
        line.clear()
        console.error(printRefusal(warning, 'Stored, but not in effect'))
      },
    })
    line.clear()
    console.log(printTally(report.byType))
    // Nobody could look at a patient whose number nobody knows.
    if (renumber && report.patients.length > 0) console.log(printPatients(report.patients))
    console.log(`${report.bundles} Bundles of ${files.length} files read into ${file}, ${report.refused === 0 ? 'none' : report.refused} refused.`)
    return report.refused > 0 ? 1 : 0
  } finally {
    store.close()
  }
}

/** Who runs the command, for the publishing trail; null where the system does not say. */
function userName(): string | null {
  try {
    return userInfo().username
  } catch {
    return null
  }
}

function openStore(region: RegionConfiguration, file: string) {
  try {
    mkdirSync(dirname(file), { recursive: true })
    return createSqliteRecordStore({ region: region.code, file })
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
