import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { toOdsCode } from '../../schema/ods-code.ts'
import { findOrganisationName } from '../../schema/organisations.ts'
import { loadPublishers, type Publisher } from '../../schema/publishers.ts'
import { type RegionConfiguration, regionListSetting } from '../../schema/regions.ts'
import { loadSettings, nonBlankText, setting } from '../../schema/service/load-settings.ts'
import { ensureDataFolder, ensureFolder } from '../../schema/service/private-files.ts'
import { parseCommand, runMain } from '../../schema/service/run-main.ts'
import { UsageError } from '../../schema/service/startup-error.ts'
import { toPublishedBy } from '../store/published-by.ts'
import { createSqliteRecordStore } from '../store/sqlite-record-store.ts'
import { expandPaths, PathNotFound } from './importing/expand-paths.ts'
import { importFiles } from './importing/import-files.ts'
import { printPatients, printTally } from './importing/import-tally.ts'
import { printRefusal } from './importing/print-refusal.ts'
import { createProgressLine } from './importing/progress-line.ts'

function printUsage(slugs: string): string {
  return `Usage: npm run import -- --region REGION [--publisher ODS] [--renumber] [--organisation ODS] FILES...

Publishes FHIR R4 Bundles from files (.json: one Bundle, .ndjson: one a line), folders of such files, or patterns.
  --region        ${slugs}
  --renumber      give every patient an NHS number in the 999 test range, the same one every time and in every region;
                  each is printed after the file it came from
  --publisher     ODS code of the organisation that publishes, one of those that PUBLISHERS lists for the region (default
                  schema/publishers.json): what it publishes is its own, beside what others say of the same; default the
                  region's own organisation, the store's office, which also corrects what others published
  --organisation  ODS code of the source of items that name no organisation of their own; default the publisher
The records go to DATA_DIR/REGION/records.sqlite (DATA_DIR: .data), whether the record store is running or not. REGIONS names the list of regions
(default schema/regions.json).`
}

interface Command {
  readonly region: RegionConfiguration
  readonly renumber: boolean
  readonly publisher: Publisher
  /** ODS code of the source of items that name none. */
  readonly source: string
  readonly files: readonly string[]
}

const publishersOf = (region: RegionConfiguration) =>
  setting(
    'the file of the list of publishers',
    nonBlankText.optional(),
    { description: 'File of the list of publishers.', example: '/etc/share2care/publishers.json' },
    (file) => loadPublishers(region, file),
  )
const dataFolder = setting(
  'a folder',
  nonBlankText.default('.data'),
  { description: 'Folder of the databases.', example: '/var/lib/share2care' },
  ensureDataFolder,
)

if (import.meta.main) {
  await runMain(async () => {
    const { REGIONS: regions } = await loadSettings(process.env, { REGIONS: regionListSetting })
    const usage = printUsage(regions.map(({ slug }) => slug).join(' or '))
    const command = await readCommand(regions, usage)
    if (command) process.exitCode = await run(command)
    else console.log(usage)
  })
}

/** Null where help is asked for. */
async function readCommand(regions: readonly RegionConfiguration[], usage: string): Promise<Command | null> {
  const options = {
    region: { type: 'string' },
    publisher: { type: 'string' },
    renumber: { type: 'boolean' },
    organisation: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const
  const { values, positionals } = parseCommand({ allowPositionals: true, options }, usage)
  if (values.help) return null
  const slugs = regions.map(({ slug }) => slug).join(' or ')
  const region = regions.find(({ slug, code }) => values.region === slug || values.region === code)
  if (!region) throw new UsageError(`--region: expected ${slugs}, found ${values.region ?? 'nothing'}`, usage)
  const publisher = await findPublisher(region, readCode('--publisher', values.publisher, usage), usage)
  const source = readCode('--organisation', values.organisation, usage) ?? publisher.odsCode
  if (positionals.length === 0)
    throw new UsageError('FILES: expected at least one file, folder or pattern, found none', usage)
  const files = await expandPaths(positionals).catch((cause) => {
    throw cause instanceof PathNotFound ? new UsageError(cause.message, usage, { cause }) : cause
  })
  return { region, renumber: values.renumber ?? false, publisher, source, files }
}

function readCode(option: string, text: string | undefined, usage: string): string | undefined {
  if (text === undefined) return undefined
  const code = toOdsCode(text)
  if (code === null) throw new UsageError(`${option}: expected an ODS code, found ${text}`, usage)
  return code
}

async function findPublisher(
  region: RegionConfiguration,
  odsCode: string | undefined,
  usage: string,
): Promise<Publisher> {
  const { PUBLISHERS: publishers } = await loadSettings(process.env, { PUBLISHERS: publishersOf(region) })
  if (odsCode === undefined) return publishers.office
  const found = publishers.find(odsCode)
  if (!found)
    throw new UsageError(
      `--publisher: expected an organisation that is listed to publish in ${region.code}, found ${odsCode}`,
      usage,
    )
  return found
}

/** The exit code: 1 where a Bundle was refused. */
async function run({ region, renumber, publisher, source, files }: Command): Promise<number> {
  const { DATA_DIR } = await loadSettings(process.env, { DATA_DIR: dataFolder })
  const file = join(ensureFolder(join(DATA_DIR, region.slug)), 'records.sqlite')
  const store = createSqliteRecordStore({ region: region.code, file })
  const line = createProgressLine({ stream: process.stderr })
  try {
    const report = await importFiles({
      store,
      files,
      renumber,
      by: toPublishedBy(publisher, { via: 'import', person: userName(), requestId: randomUUID() }),
      publisher: {
        odsCode: source,
        name: source === publisher.odsCode ? publisher.name : findOrganisationName(source),
      },
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
    console.log(
      `${report.bundles} Bundles of ${files.length} files read into ${file}, ${report.refused === 0 ? 'none' : report.refused} refused.`,
    )
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
